import { DEFAULT_LIMIT, IsLimit, IsAfter } from '@leftfold/http';

export class ListStreamDto {
  @IsAfter('Version of the stream after which to read. Not a position in the log.')
  readonly after: number = 0;

  @IsLimit()
  readonly limit: number = DEFAULT_LIMIT;
}
