import type { RecordedEvent } from './recorded-event.js';

/** Which events of the log are meant: those that meet everything that is said here. */
export interface EventFilter {
  /** Stored event types, one of which it has. */
  readonly types?: readonly string[];
  /** What stands before the first hyphen of the stream's name. */
  readonly category?: string;
  readonly actor?: string;
  readonly correlationId?: string;
  /** First moment of recording (inclusive, in whole ms). */
  readonly from?: Date;
  /** Last moment of recording (inclusive, in whole ms). */
  readonly to?: Date;
}

/** Whether an event is meant. */
export function matches(event: RecordedEvent, filter: EventFilter): boolean {
  const { types, category, actor, correlationId, from, to } = filter;
  return (
    (types === undefined || types.includes(event.type)) &&
    (category === undefined || category === event.category) &&
    (actor === undefined || actor === event.actor) &&
    (correlationId === undefined || correlationId === event.correlationId) &&
    (from === undefined || event.recordedAt >= from) &&
    (to === undefined || event.recordedAt <= to)
  );
}
