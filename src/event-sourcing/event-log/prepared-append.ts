import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { encodeJson } from '../events/json.js';
import { type TagQuery, sealTag } from '../events/tags.js';
import { EventTooLargeError, InvalidAppendError } from './event-log.errors.js';
import type { AppendOptions, ExpectedVersion, NewEvent, StreamAppend } from './event-log.js';
import { partitionOf } from './partition.js';

/** An append in the words of the database: checked, serialized, its tags sealed. */
export interface PreparedAppend {
  readonly streams: readonly PreparedStream[];
  readonly condition: PreparedCondition | undefined;
  readonly command: PreparedCommand | undefined;
  readonly eventCount: number;
  readonly bytes: number;
  /** What two appends of one batch must not share; see `GroupCommit`. */
  readonly writes: readonly string[];
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
  readonly tags: readonly string[];
  /** Of data and metadata. */
  readonly bytes: number;
}

export interface PreparedCondition {
  readonly tags: readonly string[];
  readonly types: readonly string[];
  readonly after: number;
}

export interface PreparedCommand {
  readonly id: string;
  readonly result: string | null;
  readonly fingerprint: string | null;
  /** In ms; null is for ever. */
  readonly keepFor: number | null;
}

export interface AppendLimits {
  /** Bytes of data of one event. */
  readonly eventSize: number;
}

const STREAM = /^[a-z][a-z0-9]*-[^\p{Cc}\p{Cs}]+$/u;
const TYPE = /^[\x21-\x7e]{1,200}$/;
/** Printable, without control characters: these stand in columns of their own, where a NUL is refused. */
const LABEL = /^[^\p{Cc}\p{Cs}]{1,255}$/u;
const MAX_EVENTS = 10_000;
const MAX_SCHEMA_VERSION = 2 ** 31 - 1;

/** @throws InvalidAppendError, EventTooLargeError, UnstorableValueError */
export function prepareAppend(
  appends: readonly StreamAppend[],
  options: AppendOptions,
  tagKey: Buffer,
  limits: AppendLimits,
): PreparedAppend {
  const streams = appends.map((append) => prepareStream(append, tagKey, limits));
  const events = streams.flatMap((each) => each.events);
  refuseUnusable(streams, events, options);
  const condition = options.condition && {
    tags: sealQuery(options.condition.query, tagKey),
    types: [...new Set(options.condition.query.types)],
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
  return {
    streams,
    condition,
    command,
    eventCount: events.length,
    bytes: events.reduce((sum, event) => sum + event.bytes, command?.result?.length ?? 0),
    writes: [
      ...streams.map((each) => `s ${each.stream}`),
      ...events.flatMap((event) => event.tags.map((tag) => `t ${tag}`)),
      ...events.map((event) => `e ${event.eventId}`),
      ...(command ? [`c ${command.id}`] : []),
    ],
    reads: condition ? condition.tags.map((tag) => `t ${tag}`) : [],
  };
}

/** @throws InvalidAppendError when the query names no tag, or an empty list of types */
export function sealQuery(query: TagQuery, tagKey: Buffer): string[] {
  if (query.tags.length === 0) throw new InvalidAppendError('A tag query needs at least one tag.');
  if (query.types?.length === 0) {
    throw new InvalidAppendError(
      'A tag query with an empty list of types matches nothing. Leave types out to mean all.',
    );
  }
  return [...new Set(query.tags.map((tag) => sealTag(tagKey, tag)))];
}

export function isStreamName(stream: string): boolean {
  return STREAM.test(stream) && stream.length <= 255;
}

function prepareStream(append: StreamAppend, tagKey: Buffer, limits: AppendLimits): PreparedStream {
  const { stream, expected } = append;
  if (!isStreamName(stream)) {
    throw new InvalidAppendError(
      `"${stream}" is no stream name: write <category>-<id>, at most 255 printable characters.`,
    );
  }
  if (typeof expected === 'number' && (!Number.isSafeInteger(expected) || expected < 0)) {
    throw new InvalidAppendError(
      `${stream}: the expected version ${expected} is no version; 0 means that it isn't there.`,
    );
  }
  return {
    stream,
    partition: partitionOf(stream),
    expected,
    events: append.events.map((event) => prepareEvent(event, tagKey, limits)),
  };
}

function prepareEvent(event: NewEvent, tagKey: Buffer, limits: AppendLimits): PreparedEvent {
  const { actor = 'system', correlationId, ...rest } = event.metadata ?? {};
  const eventId = event.eventId?.toLowerCase() ?? uuidv7();
  if (!TYPE.test(event.type)) throw new InvalidAppendError(`"${event.type}" is no event type.`);
  if (!isUuid(eventId)) throw new InvalidAppendError(`The event id "${eventId}" is no UUID.`);
  for (const label of [actor, correlationId ?? eventId]) {
    if (!LABEL.test(label)) throw new InvalidAppendError(`"${label}" can't be an actor or correlation id.`);
  }
  const { schemaVersion = 1 } = event;
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > MAX_SCHEMA_VERSION) {
    throw new InvalidAppendError(`${event.type}: the schema version ${schemaVersion} is no positive integer.`);
  }
  const data = encodeJson(event.data);
  const metadata = encodeJson(rest, 'metadata');
  const size = Buffer.byteLength(data);
  if (size > limits.eventSize) throw new EventTooLargeError(event.type, size, limits.eventSize);
  return {
    eventId,
    type: event.type,
    schemaVersion,
    data,
    metadata,
    actor,
    correlationId: correlationId ?? eventId,
    tags: event.tags ? [...new Set(event.tags.map((tag) => sealTag(tagKey, tag)))] : [],
    bytes: size + Buffer.byteLength(metadata),
  };
}

function refuseUnusable(streams: PreparedStream[], events: PreparedEvent[], options: AppendOptions): void {
  if (events.length === 0 && !options.commandId)
    throw new InvalidAppendError('An append needs an event or a command id.');
  if (events.length > MAX_EVENTS) throw new InvalidAppendError(`An append holds at most ${MAX_EVENTS} events.`);
  if (new Set(streams.map((each) => each.stream)).size < streams.length) {
    throw new InvalidAppendError('A stream stands twice in one append. Put its events together.');
  }
  const ids = new Set<string>();
  for (const { eventId } of events) {
    if (ids.has(eventId)) throw new InvalidAppendError(`The event id ${eventId} stands twice in one append.`);
    ids.add(eventId);
  }
  if (options.commandId && !isUuid(options.commandId)) {
    throw new InvalidAppendError(`The command id "${options.commandId}" is no UUID.`);
  }
  const { condition } = options;
  if (condition && (!Number.isSafeInteger(condition.after) || condition.after < 0)) {
    throw new InvalidAppendError(
      `The condition's ${condition.after} is no position; 0 means the beginning of the log.`,
    );
  }
}
