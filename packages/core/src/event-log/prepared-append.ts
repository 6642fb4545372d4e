import { v7 as uuidv7 } from 'uuid';
import { encodeJson } from '../events/json.js';
import { type TagQuery, sealTag } from '../events/tags.js';
import { checkAppend } from './checks/check-append.js';
import { EventTooLargeError } from './event-log.errors.js';
import type { AppendOptions, ExpectedVersion, NewEvent, StreamAppend } from './event-log.js';
import { partitionOf } from './partition.js';

/** An append, ready for the database: checked, serialized, with tags as HMACs. */
export interface PreparedAppend {
  readonly streams: readonly PreparedStream[];
  readonly condition: PreparedCondition | undefined;
  readonly command: PreparedCommand | undefined;
  readonly eventCount: number;
  readonly bytes: number;
  /** Keys that two appends of one batch must not share; see `GroupCommit`. */
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
  /** Size of data and metadata. */
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
  const events = streams.flatMap((each) => each.events);
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

/** The tags of a query in stored form, each once. */
export function sealQuery(query: TagQuery, tagKey: Buffer): string[] {
  return [...new Set(query.tags.map((tag) => sealTag(tagKey, tag)))];
}

function prepareStream(append: StreamAppend, tagKey: Buffer, limits: AppendLimits): PreparedStream {
  const { stream, expected, events } = append;
  return {
    stream,
    partition: partitionOf(stream),
    expected,
    events: events.map((event) => prepareEvent(event, tagKey, limits)),
  };
}

function prepareEvent(event: NewEvent, tagKey: Buffer, limits: AppendLimits): PreparedEvent {
  const { actor = 'system', correlationId, ...rest } = event.metadata ?? {};
  const eventId = event.eventId?.toLowerCase() ?? uuidv7();
  const { schemaVersion = 1 } = event;
  const data = encodeJson(event.data);
  const metadata = encodeJson(rest, 'metadata');
  const size = Buffer.byteLength(data);
  const metadataSize = Buffer.byteLength(metadata);
  if (size > limits.eventSize) throw new EventTooLargeError(event.type, 'data', size, limits.eventSize);
  if (metadataSize > limits.eventSize) {
    throw new EventTooLargeError(event.type, 'metadata', metadataSize, limits.eventSize);
  }
  return {
    eventId,
    type: event.type,
    schemaVersion,
    data,
    metadata,
    actor,
    correlationId: correlationId ?? eventId,
    tags: event.tags ? [...new Set(event.tags.map((tag) => sealTag(tagKey, tag)))] : [],
    bytes: size + metadataSize,
  };
}
