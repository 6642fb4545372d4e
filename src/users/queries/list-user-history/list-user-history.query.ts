import { ReadsFrom, type RecordedEvent } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A user's events, oldest first, from the log. */
@ReadsFrom()
export class ListUserHistoryQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly userId: string,
    readonly afterVersion: number,
    readonly limit: number,
  ) {
    super();
  }
}
