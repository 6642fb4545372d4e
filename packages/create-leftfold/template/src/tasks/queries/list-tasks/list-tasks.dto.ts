import { ListQuery } from '@leftfold/http';

/** Add filters here. */
export class ListTasksDto extends ListQuery {}
