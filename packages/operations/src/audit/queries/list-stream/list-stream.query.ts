import { ReadsFrom, type RecordedEvent } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A part of one stream, oldest first. */
@ReadsFrom()
export class ListStreamQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly stream: string,
    readonly afterVersion: number,
    readonly limit: number,
  ) {
    super();
  }
}
