import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventMetadata } from '../events/metadata.js';

/** Delivery context of an event. */
export interface EventContext {
  /** Id of the event, a UUID: the same on every delivery. */
  readonly eventId: string;
  readonly position: number;
  readonly stream: string;
  /** Version of the stream after this event. */
  readonly version: number;
  readonly metadata: EventMetadata;
  readonly recordedAt: Date;
  /**
   * Place among the events that an upcaster makes of one stored event, from 0; 0 when it makes one. Together with
   * `eventId` it identifies what is handled.
   */
  readonly part: number;
  /** Paths of the personal fields that are absent because their subject is forgotten; undefined when there are none. */
  readonly forgotten?: readonly string[];
}

/** Handler of a read model: it receives events and writes rows through `ReadModel`. It is awaited, in global order. */
export interface ProjectionHandler<E extends object = object> {
  handle(event: E, context: EventContext): Promise<void> | void;
}

/** Handler of a side effect. It may do anything, and must tolerate repeated deliveries. It is awaited, in order. */
export interface SideEffectHandler<E extends object = object> {
  handle(event: E, context: EventContext): Promise<void> | void;
}

export function contextOf(recorded: RecordedEvent, part: number): EventContext {
  return new Delivered(recorded, part);
}

/** Parses metadata only for a handler that reads it. */
class Delivered implements EventContext {
  readonly eventId: string;
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly #recorded: RecordedEvent;

  constructor(
    recorded: RecordedEvent,
    readonly part: number,
  ) {
    this.eventId = recorded.eventId;
    this.position = recorded.position;
    this.stream = recorded.stream;
    this.version = recorded.version;
    this.#recorded = recorded;
  }

  get forgotten(): readonly string[] | undefined {
    return this.#recorded.forgotten;
  }

  get recordedAt(): Date {
    return this.#recorded.recordedAt;
  }

  get metadata(): EventMetadata {
    return this.#recorded.metadata;
  }
}
