import { encodeJson, type JsonObject, UnstorableValueError } from '../events/json.js';
import { PERSONAL } from '../events/reserved-names.js';
import { asEventQuery, type EventQuery, type TagQuery } from '../events/event-query.js';
import { sealTag } from '../events/tags.js';
import { openEnvelope } from '../personal-data/envelope.js';
import { checkAppend } from './checks/check-append.js';
import { TYPE } from './checks/rules.js';
import { EventTooLargeError } from './event-log.errors.js';
import type { AppendOptions, ExpectedVersion, NewEvent, StreamAppend } from './event-log.js';
import { newEventId } from './new-event-id.js';
import { partitionOf } from './partition.js';

/** Key that every event writes, for conditions on any event. */
const ANY_EVENT = '*';

/** An append, ready for the database: checked, serialized, with tags as HMACs. */
export interface PreparedAppend {
  readonly streams: readonly PreparedStream[];
  readonly condition: PreparedCondition | undefined;
  readonly command: PreparedCommand | undefined;
  readonly eventCount: number;
  readonly bytes: number;
  /**
   * Keys that only one append of a batch may have; see `GroupCommit`: streams, and ids of events and commands behind a letter
   * and a space, with which no stream's name begins.
   */
  readonly owns: readonly string[];
  /** What conditions of other appends may read: tags and types of the events. */
  readonly writes: readonly string[];
  /** What the condition reads. */
  readonly reads: readonly string[];
}

export interface PreparedStream {
  readonly stream: string;
  readonly partition: number;
  readonly expected: ExpectedVersion;
  readonly events: readonly PreparedEvent[];
}

export interface PreparedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: string;
  readonly metadata: string;
  readonly actor: string;
  readonly correlationId: string;
  /** As HMACs; also `closingTag` and `subjectTag`. */
  readonly tags: readonly string[];
  /** Size of data and metadata. */
  readonly bytes: number;
}

/** Matches the events that have one of the types (any, if there are none) and all of the tags. */
export interface PreparedItem {
  /** As HMACs. */
  readonly tags: readonly string[];
  readonly types: readonly string[];
}

export interface PreparedCondition {
  readonly items: readonly PreparedItem[];
  readonly after: number;
}

export interface PreparedCommand {
  readonly id: string;
  readonly result: string | null;
  readonly fingerprint: string | null;
  /** In ms; null means for ever. */
  readonly keepFor: number | null;
}

export interface AppendLimits {
  /** Largest size of one event's data, and of its metadata, in bytes. */
  readonly eventSize: number;
}

/** @throws InvalidAppendError, EventTooLargeError, UnstorableValueError */
export function prepareAppend(
  appends: readonly StreamAppend[],
  options: AppendOptions,
  tagKey: Buffer,
  limits: AppendLimits,
): PreparedAppend {
  checkAppend(appends, options);
  const streams = appends.map((append) => prepareStream(append, tagKey, limits));
  const condition = options.condition && {
    items: prepareQuery(options.condition.query, tagKey),
    after: options.condition.after,
  };
  const command = options.commandId
    ? {
        id: options.commandId.toLowerCase(),
        result: options.result === undefined ? null : encodeJson(options.result, 'result'),
        fingerprint: options.fingerprint ?? null,
        keepFor: options.keepFor ?? null,
      }
    : undefined;
  return new CheckedAppend(streams, condition, command, ownedKeys(appends, command));
}

class CheckedAppend implements PreparedAppend {
  readonly eventCount: number;
  readonly bytes: number;
  readonly reads: readonly string[];
  private written: readonly string[] | undefined;

  constructor(
    readonly streams: readonly PreparedStream[],
    readonly condition: PreparedCondition | undefined,
    readonly command: PreparedCommand | undefined,
    readonly owns: readonly string[],
  ) {
    let eventCount = 0;
    let bytes = command?.result?.length ?? 0;
    for (const { events } of streams) {
      eventCount += events.length;
      for (const event of events) bytes += event.bytes;
    }
    this.eventCount = eventCount;
    this.bytes = bytes;
    this.reads = condition ? condition.items.flatMap(readKeys) : [];
  }

  /** Only an append with a condition asks another one for them. */
  get writes(): readonly string[] {
    return (this.written ??= writtenKeys(this.streams));
  }
}

/** Of event ids, only those that the caller has chosen: one that is made here is never used twice. */
function ownedKeys(appends: readonly StreamAppend[], command: PreparedCommand | undefined): string[] {
  const keys: string[] = [];
  for (const { stream, events } of appends) {
    keys.push(stream);
    for (const { eventId } of events) if (eventId !== undefined) keys.push(`e ${eventId.toLowerCase()}`);
  }
  if (command) keys.push(`c ${command.id}`);
  return keys;
}

/** The items of a query with tags as HMACs. Types that no event can have are left out. */
export function prepareQuery(query: EventQuery | TagQuery, tagKey: Buffer): PreparedItem[] {
  return asEventQuery(query).items.flatMap(({ tags = [], types }) => {
    const possible = types && [...new Set(types)].filter((type) => TYPE.test(type));
    if (possible?.length === 0) return [];
    return [{ tags: [...new Set(tags.map((tag) => sealTag(tagKey, tag)))], types: possible ?? [] }];
  });
}

function writtenKeys(streams: readonly PreparedStream[]): string[] {
  const keys = new Set<string>();
  for (const { events } of streams) {
    for (const { type, tags } of events) {
      keys.add(ANY_EVENT).add(`y ${type}`);
      for (const tag of tags) keys.add(`t ${tag}`);
    }
  }
  return [...keys];
}

/** An event that matches the item has all of its tags, so one of them is enough. */
function readKeys({ tags: [tag], types }: PreparedItem): string[] {
  if (tag !== undefined) return [`t ${tag}`];
  return types.length > 0 ? types.map((type) => `y ${type}`) : [ANY_EVENT];
}

function prepareStream(append: StreamAppend, tagKey: Buffer, limits: AppendLimits): PreparedStream {
  const { stream, expected, events } = append;
  return {
    stream,
    partition: partitionOf(stream),
    expected,
    events: events.map((event) => prepareEvent(event, stream, tagKey, limits)),
  };
}

/**
 * The tag of the event that closed a stream, for which appends to the stream look. It can't be one of the application:
 * those are HMACs, without a space.
 */
export function closingTag(stream: string): string {
  return `${CLOSED}${stream}`;
}

/**
 * The tag of an event with personal fields about this subject, by which they are found. Like `closingTag`, it can't be one
 * of the application.
 */
export function subjectTag(subject: string): string {
  return `${SUBJECT}${subject}`;
}

export const SUBJECT = 'subject ';

/** Also in the append function of PostgreSQL. */
export const CLOSED = 'closed ';

function prepareEvent(event: NewEvent, stream: string, tagKey: Buffer, limits: AppendLimits): PreparedEvent {
  const { actor = 'system', correlationId, ...rest } = event.metadata ?? {};
  const eventId = event.eventId?.toLowerCase() ?? newEventId();
  const { schemaVersion = 1 } = event;
  const data = encodeJson(event.data);
  const metadata = encodeJson(rest, 'metadata');
  const size = Buffer.byteLength(data);
  const metadataSize = Buffer.byteLength(metadata);
  if (size > limits.eventSize) throw new EventTooLargeError(event.type, 'data', size, limits.eventSize);
  if (metadataSize > limits.eventSize) {
    throw new EventTooLargeError(event.type, 'metadata', metadataSize, limits.eventSize);
  }
  const sealed = event.tags ? new Set(event.tags.map((tag) => sealTag(tagKey, tag))) : [];
  return {
    eventId,
    type: event.type,
    schemaVersion,
    data,
    metadata,
    actor,
    correlationId: correlationId ?? eventId,
    tags: [...sealed, ...(event.closes ? [closingTag(stream)] : []), ...subjectsOf(event.data).map(subjectTag)],
    bytes: size + metadataSize,
  };
}

/**
 * The subjects of an event's personal fields, which are in an envelope.
 * @throws UnstorableValueError when that is malformed
 */
export function subjectsOf(data: JsonObject): string[] {
  if (!Object.hasOwn(data, PERSONAL)) return [];
  try {
    return [...new Set(openEnvelope(data)!.parts.map(({ subject }) => subject))];
  } catch (error) {
    throw new UnstorableValueError(`data.${PERSONAL}`, `the name is reserved, and ${(error as Error).message}`);
  }
}
