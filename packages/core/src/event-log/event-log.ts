import type { Observable } from 'rxjs';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { EventMetadata } from '../events/metadata.js';
import type { Tag, TagQuery } from '../events/tags.js';
import type { EventFilter } from './event-filter.js';
import type { RecordedEvent } from './recorded-event.js';
import type { ListStreamsOptions, StreamSummary } from './stream-summary.js';

/** What the caller believes of a stream: its exact version (0: not there), or whether it is there at all. */
export type ExpectedVersion = number | 'no-stream' | 'stream-exists' | 'any';

/** An event that is to be stored. */
export interface NewEvent {
  /** UUID, unique in the log; a v7 is made when it is left out. */
  readonly eventId?: string;
  /** Stored name, at most 200 characters. */
  readonly type: string;
  /** Version of the shape of `data`, from 1, which it is when left out. */
  readonly schemaVersion?: number;
  /** Plain JSON values only; what JSON would change is refused. */
  readonly data: JsonObject;
  readonly metadata?: Partial<EventMetadata>;
  /** Names have 1 to 255 printable characters. */
  readonly tags?: readonly Tag[];
}

/** What is to be stored in one stream. */
export interface StreamAppend {
  /**
   * `<category>-<id>`, at most 255 characters (UTF-16 code units) together. The category ends at the first hyphen; it is
   * made of ASCII letters, digits and underscores, since filters, labels of measurements and names of channels have it too.
   * The id is any text without control characters and lone surrogates. Upper and lower case differ: `order-1` and
   * `Order-1` are two streams.
   */
  readonly stream: string;
  readonly expected: ExpectedVersion;
  /** May be empty: then the expectation alone is checked. */
  readonly events: readonly NewEvent[];
}

/** No event matches `query` after position `after`. Checked in the same atomic step as the append. */
export interface AppendCondition {
  readonly query: TagQuery;
  readonly after: number;
}

/** What goes with an append, beside its events. */
export interface AppendOptions {
  readonly condition?: AppendCondition;
  /** UUID. An append whose id is stored already stores nothing, and returns what the first one returned. */
  readonly commandId?: string;
  /** Stored beside the command id, and returned on a repeat. Like the two below it is refused without a command id. */
  readonly result?: JsonValue;
  /**
   * Says what the command asked for, in 1 to 255 printable characters, such as a hash. Stored and returned likewise, so
   * that a repeat can be told from another command under the same id.
   */
  readonly fingerprint?: string;
  /** The command id may be forgotten after so many ms, from 1 to 8.64e15; it is kept for ever when left out. */
  readonly keepFor?: number;
}

/** What an append left in the log. */
export interface AppendResult {
  /** Position of the last event of this append; when it had none, of the last event of its streams. */
  readonly position: number;
  /** Version of each stream after the append. */
  readonly versions: Readonly<Record<string, number>>;
  readonly recordedAt: Date;
  /** The command id was stored already; nothing was stored now. */
  readonly repeated: boolean;
  /** The result that was stored with the command id. */
  readonly result: JsonValue | undefined;
  /** The fingerprint that was stored with the command id. */
  readonly fingerprint: string | undefined;
}

/** Which part of a stream to read; all of it, oldest first, when nothing is said. */
export interface ReadStreamOptions {
  /** First version to read (inclusive), counted from 1. */
  readonly fromVersion?: number;
  /** Last version to read (inclusive); 0 reads nothing. */
  readonly toVersion?: number;
  /** Last moment to read (inclusive). */
  readonly until?: Date;
  readonly backwards?: boolean;
  /** The most events to return, from 1 on; all of them when left out. */
  readonly limit?: number;
}

/** Which slice of the log to read. */
export interface ReadAllOptions extends EventFilter {
  /** Position after which to read; 0 for the beginning. */
  readonly after: number;
  /** The most events to return, 1 to 10,000. */
  readonly limit: number;
  /** Position up to which to read (inclusive). */
  readonly upTo?: number;
}

/** Which slice of the log to read from the end towards the beginning. */
export interface ReadBackwardsOptions extends EventFilter {
  /** Position before which to read (exclusive), from 1 on; the end of the log when left out. */
  readonly before?: number;
  /** The most events to return, 1 to 10,000. */
  readonly limit: number;
}

/** Which of the tagged events to read; all of them, oldest first, when nothing is said. */
export interface ReadTaggedOptions {
  readonly backwards?: boolean;
  /** The most events to read, at least 1. */
  readonly limit?: number;
}

/** A part of the log, in global order. */
export interface LogSlice {
  readonly events: RecordedEvent[];
  /** How far the log was looked at: every matching event up to here is in `events`. */
  readonly upTo: number;
}

/** A part of the log, the last event first. */
export interface BackwardsSlice {
  readonly events: RecordedEvent[];
  /**
   * How far the log was looked at: every matching event from here on is in `events`. The next slice has
   * `before: downTo`; at 1 there is none.
   */
  readonly downTo: number;
}

/**
 * The event log: append-only, over many streams, with one order over all of them. Every adapter passes
 * `describeEventLog`, the conformance suite in `testing/`. Every argument is checked before anything is sent: what could
 * never be stored is an InvalidAppendError, what could never be read an InvalidReadError, and the message says what to give.
 */
export abstract class EventLog {
  /**
   * Appends to one stream or several, all or nothing. It settles after the commit. Where several things stand in the way
   * they count in this order: a command id that is stored, the expected versions in the order of the streams, the
   * condition, the ids of the events.
   * @throws ConcurrencyError a stream is not at its expected version
   * @throws ConditionNotMetError an event that the condition rules out is there
   * @throws EventIdTakenError an event of the log has the id of one of these, whatever else the two have in common
   * @throws InvalidAppendError, EventTooLargeError, UnstorableValueError before anything is sent
   * @throws EventLogUnavailableError the database did not answer; whether the append was stored is not known
   */
  abstract append(appends: readonly StreamAppend[], options?: AppendOptions): Promise<AppendResult>;

  /** The events of one stream in version order, or backwards. A stream that is not there has none. */
  abstract readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /** A slice of the log in global order: the events that meet the filter, if one is given. */
  abstract readAll(options: ReadAllOptions): Promise<LogSlice>;

  /** A slice of the log against the global order, the last event first: the events that meet the filter, if one is given. */
  abstract readBackwards(options: ReadBackwardsOptions): Promise<BackwardsSlice>;

  /** The events that match the query, in global order, or backwards. */
  abstract readTagged(query: TagQuery, options?: ReadTaggedOptions): AsyncIterable<RecordedEvent>;

  /** Outcome of the append that was stored under this command id (a UUID), if one was. */
  abstract findCommand(commandId: string): Promise<AppendResult | undefined>;

  /** Forgets the command ids whose time is over. */
  abstract forgetExpiredCommands(): Promise<void>;

  /** The events with these ids (UUIDs, at most 10,000), each once, in global order. Ids that no event has are passed over. */
  abstract readEvents(eventIds: readonly string[]): Promise<RecordedEvent[]>;

  /** A page of the streams, ordered by the UTF-8 bytes of their names. It takes as long as a few look-ups for each of them. */
  abstract listStreams(options: ListStreamsOptions): Promise<StreamSummary[]>;

  /** A stream in numbers; undefined when it has no event. It takes as long as two look-ups. */
  abstract findStream(stream: string): Promise<StreamSummary | undefined>;

  /** The last position that was recorded at or before a moment; 0 when none was. Takes as long as a few look-ups by position. */
  abstract positionAt(time: Date): Promise<number>;

  /** The last position, 0 when the log is empty. */
  abstract head(): Promise<number>;

  /** Identity of this log, made once with it. A copy or a restored dump keeps it. */
  abstract id(): Promise<string>;

  /** Emits a position at or before the head when somebody, here or in another process, may have appended. A hint, not a promise. */
  abstract readonly appended$: Observable<number>;

  /** Stores what waits, takes nothing more, and lets go of its connections. */
  abstract close(): Promise<void>;
}
