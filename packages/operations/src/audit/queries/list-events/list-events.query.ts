import { type EventFilter, ReadsFrom, type RecordedEvent } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

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
