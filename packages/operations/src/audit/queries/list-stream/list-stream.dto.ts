import { DEFAULT_LIMIT, IsLimit, IsPlaceInOrder } from '@leftfold/http';

export class ListStreamDto {
  @IsPlaceInOrder('Version of the stream after which to read. Not a position in the log.')
  readonly after: number = 0;

  @IsLimit()
  readonly limit: number = DEFAULT_LIMIT;
}
