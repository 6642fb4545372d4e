import type { Observable } from 'rxjs';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { EventMetadata } from '../events/metadata.js';
import type { EventQuery, TagQuery } from '../events/event-query.js';
import type { Tag } from '../events/tags.js';
import type { PersonalContent } from '../personal-data/personal-content.js';
import type { EventFilter } from './event-filter.js';
import type { PageIds, PayloadPage, RecordedEvent } from './recorded-event.js';
import type { ListStreamsOptions, StreamSummary } from './stream-summary.js';

/** What the caller expects of a stream: its exact version (0: no events), or whether it exists. */
export type ExpectedVersion = number | 'no-stream' | 'stream-exists' | 'any';

/** An event to store. */
export interface NewEvent {
  /** UUID, unique in the log; when left out, a v7 is made. */
  readonly eventId?: string;
  /** Stored name, at most 200 characters. */
  readonly type: string;
  /** Version of the shape of `data`, from 1; 1 when left out. */
  readonly schemaVersion?: number;
  /** Plain JSON values only. Values that JSON would change are refused. */
  readonly data: JsonObject;
  readonly metadata?: Partial<EventMetadata>;
  /** Names have 1 to 255 printable characters. */
  readonly tags?: readonly Tag[];
  /** Closes the stream: every later event of it is refused. Only the last event of an append to a stream may close it. */
  readonly closes?: boolean;
  /** Personal fields of `data`, which are encrypted. `EventSerializer.toNewEvent` finds them. */
  readonly personal?: PersonalContent;
}

/** Events to store in one stream. */
export interface StreamAppend {
  /**
   * `<category>-<id>`, at most 255 characters (UTF-16 code units) together. The category ends at the first hyphen. It
   * consists of ASCII letters, digits and underscores, because it is also used in filters, metric labels and channel
   * names. The id is any text without control characters and lone surrogates. Names are case-sensitive: `order-1` and
   * `Order-1` are two streams.
   */
  readonly stream: string;
  readonly expected: ExpectedVersion;
  /** May be empty: then only the expected version is checked. */
  readonly events: readonly NewEvent[];
}

/** Requires that no event after position `after` matches `query`. Checked atomically with the append. */
export interface AppendCondition {
  readonly query: EventQuery | TagQuery;
  readonly after: number;
}

/** Options of an append. */
export interface AppendOptions {
  readonly condition?: AppendCondition;
  /** UUID. If the id is already stored, the append stores nothing and returns the result of the first append. */
  readonly commandId?: string;
  /**
   * Stored with the command id and returned on a repeat. Like the two options below, it is refused without a command
   * id.
   */
  readonly result?: JsonValue;
  /**
   * Identifies the content of the command, in 1 to 255 printable characters, such as a hash. It is stored and returned
   * in the same way, so that a repeat can be told from another command with the same id.
   */
  readonly fingerprint?: string;
  /** How long the command id is stored, in ms, from 1 to 8.64e15; for ever when left out. */
  readonly keepFor?: number;
}

/** Result of an append. */
export interface AppendResult {
  /** Position of the last event of this append; if it had none, of the last event of its streams. */
  readonly position: number;
  /** Version of each stream after the append. */
  readonly versions: Readonly<Record<string, number>>;
  readonly recordedAt: Date;
  /** The command id was already stored, so this append stored nothing. */
  readonly repeated: boolean;
  /** The result that was stored with the command id. */
  readonly result: JsonValue | undefined;
  /** The fingerprint that was stored with the command id. */
  readonly fingerprint: string | undefined;
}

/** Which part of a stream to read; by default all of it, oldest first. */
export interface ReadStreamOptions {
  /** First version to read (inclusive), counted from 1. */
  readonly fromVersion?: number;
  /** Last version to read (inclusive); 0 reads nothing. */
  readonly toVersion?: number;
  /** Latest time of recording to read (inclusive). */
  readonly until?: Date;
  readonly backwards?: boolean;
  /** The most events to return, at least 1; all of them when left out. */
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

/** Which slice of the log to read backwards. */
export interface ReadBackwardsOptions extends EventFilter {
  /** Position before which to read (exclusive), from 1 on; the end of the log when left out. */
  readonly before?: number;
  /** The most events to return, 1 to 10,000. */
  readonly limit: number;
}

/** Which of the matching events to read; by default all of them, oldest first. */
export interface ReadTaggedOptions {
  /** Position after which to read; 0 when left out. */
  readonly after?: number;
  /** Position up to which to read (inclusive); the head at the start of the read when left out. */
  readonly upTo?: number;
  readonly backwards?: boolean;
  /** The most events to read, at least 1. */
  readonly limit?: number;
}

/** The events of a query. They are read in pages while they are consumed. */
export interface TaggedEvents extends AsyncIterable<RecordedEvent> {
  /**
   * How far the log has been searched: the events so far are all that match from the start of the range up to this
   * position, or down to it when read backwards. After the last event it is the end of the range, unless the limit was
   * reached.
   */
  readonly searchedTo: number;
}

/** A part of the log, in global order. */
export interface LogSlice {
  readonly events: RecordedEvent[];
  /** How far the log was searched: `events` has every matching event up to this position. */
  readonly upTo: number;
}

/** A part of the log, latest event first. */
export interface BackwardsSlice {
  readonly events: RecordedEvent[];
  /**
   * How far the log was searched: `events` has every matching event from this position on. Read the next slice with
   * `before: downTo`; at 1 there is none.
   */
  readonly downTo: number;
}

/** How far the log goes. */
export interface LogFrontier {
  /** The last position, 0 when the log is empty. */
  readonly position: number;
  /**
   * How often stored events were given further tags. When it changes, what was read by tags before may lack events.
   */
  readonly tagsGeneration: number;
}

/**
 * The event log: append-only, with many streams and one global order. Every adapter passes `describeEventLog`, the
 * conformance suite in `testing/`. Arguments are checked before anything is sent: InvalidAppendError for an append that
 * can never be stored, InvalidReadError for a read that can never be answered. The message says what to pass instead.
 */
export abstract class EventLog {
  /**
   * Appends to one stream or several, all or nothing. Settles after the commit. If the append is refused for several
   * reasons, the first of these counts: the command id is already stored, a closed stream that would get events, an expected version in the
   * order of the streams, the condition, the ids of the events.
   * @throws StreamClosedError a stream that would get events is closed
   * @throws ConcurrencyError a stream is not at its expected version
   * @throws ConditionNotMetError a stored event matches the condition
   * @throws EventIdTakenError a stored event has the id of one of these events, even if the two are otherwise equal
   * @throws InvalidAppendError, EventTooLargeError, UnstorableValueError before anything is sent
   * @throws EventLogUnavailableError the database did not answer; the append may or may not have been stored
   */
  abstract append(appends: readonly StreamAppend[], options?: AppendOptions): Promise<AppendResult>;

  /** The events of one stream in version order, or backwards; none if the stream does not exist. */
  abstract readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /**
   * What a fold needs of the events of one stream, from a version on, in version order: a page of them. There may be more
   * when it is full.
   * @param ids without them a page is read a tenth faster
   * @internal
   */
  abstract readPayloads(stream: string, fromVersion: number, ids: PageIds): Promise<PayloadPage>;

  /**
   * The last event of each item of a query, up to and including a position, in the order of positions.
   * @internal
   */
  abstract readLastOfEach(query: EventQuery, upTo: number): Promise<readonly RecordedEvent[]>;

  /** A slice of the log in global order: the events that match the filter, if one is given. */
  abstract readAll(options: ReadAllOptions): Promise<LogSlice>;

  /** A slice of the log in reverse global order: the events that match the filter, if one is given. */
  abstract readBackwards(options: ReadBackwardsOptions): Promise<BackwardsSlice>;

  /** The events that match the query, in global order, or backwards. */
  abstract readTagged(query: EventQuery | TagQuery, options?: ReadTaggedOptions): TaggedEvents;

  /** Result of the append with this command id (a UUID), if it was stored. */
  abstract findCommand(commandId: string): Promise<AppendResult | undefined>;

  /** Deletes expired command ids. */
  abstract forgetExpiredCommands(): Promise<void>;

  /** The events with these ids (UUIDs, at most 10,000), each once, in global order. Unknown ids are skipped. */
  abstract readEvents(eventIds: readonly string[]): Promise<RecordedEvent[]>;

  /** A page of the streams, ordered by the UTF-8 bytes of their names. Costs a few lookups for each of them. */
  abstract listStreams(options: ListStreamsOptions): Promise<StreamSummary[]>;

  /** Summary of a stream; undefined when it has no event. Costs two lookups. */
  abstract findStream(stream: string): Promise<StreamSummary | undefined>;

  /** The last position recorded at or before a time; 0 when there is none. Costs a few lookups by position. */
  abstract positionAt(time: Date): Promise<number>;

  /** The last position, 0 when the log is empty. */
  abstract head(): Promise<number>;

  /** The last position, and how often stored events were given further tags. Costs as much as `head`. */
  abstract frontier(): Promise<LogFrontier>;

  /** Identity of this log, created with it. A copy or a restored dump has the same id. */
  abstract id(): Promise<string>;

  /**
   * Emits a position at or before the head after a possible append, by this or another process. It is a hint: it may be
   * spurious or missing.
   */
  abstract readonly appended$: Observable<number>;

  /**
   * Whether the database reads while this process does something else. On SQLite this process reads itself.
   * @internal
   */
  abstract readonly readsInBackground: boolean;

  /** Stores the queued appends, accepts no more, and closes its connections. */
  abstract close(): Promise<void>;
}
