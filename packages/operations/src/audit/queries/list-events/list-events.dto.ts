import { DEFAULT_LIMIT, IsLimit, IsAfter } from '@leftfold/http';
import { EventFilterDto } from '../event-filter.dto.js';

export class ListEventsDto extends EventFilterDto {
  @IsAfter('Position after which to read.')
  readonly after: number = 0;

  @IsLimit()
  readonly limit: number = DEFAULT_LIMIT;
}
