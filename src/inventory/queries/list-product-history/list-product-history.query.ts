import { ReadsFrom, type RecordedEvent } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A product's events, oldest first, from the log. */
@ReadsFrom()
export class ListProductHistoryQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly sku: string,
    readonly afterVersion: number,
    readonly limit: number,
  ) {
    super();
  }
}
