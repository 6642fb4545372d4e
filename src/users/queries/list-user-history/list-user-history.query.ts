import { Query } from '@nestjs/cqrs';
import { ReadsFrom, type RecordedEvent } from '../../../event-sourcing/index.js';

/** A user's events, oldest first; answered from the log. */
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
