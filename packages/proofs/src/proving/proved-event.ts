import type { RecordedEvent } from '@leftfold/core';
import { sha256 } from '../tree/hashes.js';
import type { EventRecord } from '../records/record.js';

/** An event as a proof carries it: enough to make its record again, and to read it. */
export interface ProvedEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  readonly actor: string;
  readonly correlationId: string;
  /** The stored texts, JSON. */
  readonly data: string;
  readonly metadata: string;
}

export function provedEvent(event: RecordedEvent): ProvedEvent {
  return asWritten(event, event.recordedAt, event.dataText, event.metadataText);
}

/** Its members in the order in which a proof has them. */
function asWritten(
  event: Omit<ProvedEvent, 'recordedAt' | 'data' | 'metadata'>,
  recordedAt: Date,
  data: string,
  metadata: string,
): ProvedEvent {
  const { position, stream, version, eventId, type, schemaVersion, actor, correlationId } = event;
  return {
    position,
    stream,
    version,
    eventId,
    type,
    schemaVersion,
    recordedAt: recordedAt.toISOString(),
    actor,
    correlationId,
    data,
    metadata,
  };
}

export function provedRecord(event: ProvedEvent): EventRecord {
  const { position, stream, version, eventId, type, schemaVersion } = event;
  return {
    position,
    stream,
    version,
    eventId,
    type,
    schemaVersion,
    recordedAt: Date.parse(event.recordedAt),
    dataHash: sha256(event.data),
    metadataHash: sha256(event.metadata),
    originHash: sha256(event.actor, '\0', event.correlationId),
  };
}

const NUMBERS = ['position', 'version', 'schemaVersion'] as const;
const TEXTS = ['stream', 'eventId', 'type', 'recordedAt', 'actor', 'correlationId', 'data', 'metadata'] as const;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The event of a proof's extra line; undefined when it holds none, or is not as `provedEvent` is written. In another form it may say
 * more than its record proves: a second member of a name, one that the record lacks, or digits after the id.
 */
export function readProvedEvent(extra: Uint8Array): ProvedEvent | undefined {
  const text = Buffer.from(extra).toString('utf8');
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null) return undefined;
  const isWhole =
    NUMBERS.every((name) => Number.isSafeInteger(event[name])) &&
    TEXTS.every((name) => typeof event[name] === 'string');
  if (!isWhole || Number.isNaN(Date.parse(event.recordedAt as string))) return undefined;
  const whole = event as unknown as ProvedEvent;
  return ID.test(whole.eventId) && NUMBERS.every((name) => whole[name] > 0) && textOf(whole) === text
    ? whole
    : undefined;
}

function textOf(event: ProvedEvent): string {
  return JSON.stringify(asWritten(event, new Date(event.recordedAt), event.data, event.metadata));
}
