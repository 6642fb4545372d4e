import { ReadsFrom, type RecordedEvent } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** An order's events, oldest first, from the log. */
@ReadsFrom()
export class ListOrderHistoryQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly orderId: string,
    readonly afterVersion: number,
    readonly limit: number,
  ) {
    super();
  }
}
