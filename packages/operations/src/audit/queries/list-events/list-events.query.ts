import { type EventFilter, ReadsFrom, type RecordedEvent } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A part of the log in order: the events that match the filter. */
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
