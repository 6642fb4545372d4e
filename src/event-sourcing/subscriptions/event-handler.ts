import type { EventMetadata } from '../events/metadata.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';

/** What stands around an event that is handled. */
export interface EventContext {
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

export function contextOf(recorded: RecordedEvent): EventContext {
  return {
    position: recorded.position,
    stream: recorded.stream,
    version: recorded.version,
    recordedAt: recorded.recordedAt,
    get metadata() {
      return recorded.metadata;
    },
  };
}
