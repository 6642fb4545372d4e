import { Query } from '@nestjs/cqrs';
import { type EventFilter, ReadsFrom, type RecordedEvent } from '../../../event-sourcing/index.js';

/** A slice of the log, in order: events that meet the filter. */
@ReadsFrom()
export class ListEventsQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly filter: EventFilter,
    readonly after: number,
    readonly limit: number,
  ) {
    super();
  }
}
