import { DEFAULT_LIMIT, IsLimit, IsPlaceInOrder } from '@leftfold/http';
import { EventFilterDto } from '../event-filter.dto.js';

export class ListEventsDto extends EventFilterDto {
  @IsPlaceInOrder('Position after which to read.')
  readonly after: number = 0;

  @IsLimit()
  readonly limit: number = DEFAULT_LIMIT;
}
