import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventMetadata } from '../events/metadata.js';

/** What stands around an event that is handled. */
export interface EventContext {
  /** Id of the event, a UUID: the same however often the event is handed over. */
  readonly eventId: string;
  readonly position: number;
  readonly stream: string;
  /** Version of the stream with this event. */
  readonly version: number;
  readonly metadata: EventMetadata;
  readonly recordedAt: Date;
}

/** A read model's handler: events in, rows out, through `ReadModel`. It is awaited, in the order of the log. */
export interface ProjectionHandler<E extends object = object> {
  handle(event: E, context: EventContext): Promise<void> | void;
}

/** A side effect's handler: it may do anything, and must stand being given an event again. It is awaited, in order. */
export interface SideEffectHandler<E extends object = object> {
  handle(event: E, context: EventContext): Promise<void> | void;
}

export function contextOf(recorded: RecordedEvent): EventContext {
  return {
    eventId: recorded.eventId,
    position: recorded.position,
    stream: recorded.stream,
    version: recorded.version,
    recordedAt: recorded.recordedAt,
    get metadata() {
      return recorded.metadata;
    },
  };
}
