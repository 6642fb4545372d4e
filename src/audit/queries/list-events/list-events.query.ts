import { Query } from '@nestjs/cqrs';
import { ReadsFrom, type RecordedEvent } from '../../../event-sourcing/index.js';

/** A slice of the log, in order. */
@ReadsFrom()
export class ListEventsQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly after: number,
    readonly limit: number,
  ) {
    super();
  }
}
