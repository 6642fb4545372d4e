import { ListQuery } from '@leftfold/http';

/** Filters are added here. */
export class ListTasksDto extends ListQuery {}
