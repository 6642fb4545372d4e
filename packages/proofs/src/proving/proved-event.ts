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
  const { position, stream, version, eventId, type, schemaVersion, actor, correlationId } = event;
  return {
    position,
    stream,
    version,
    eventId,
    type,
    schemaVersion,
    recordedAt: event.recordedAt.toISOString(),
    actor,
    correlationId,
    data: event.dataText,
    metadata: event.metadataText,
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

/** The event of a proof's extra line; undefined when it holds none. */
export function readProvedEvent(extra: Uint8Array): ProvedEvent | undefined {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(Buffer.from(extra).toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null) return undefined;
  const isWhole =
    NUMBERS.every((name) => Number.isSafeInteger(event[name])) &&
    TEXTS.every((name) => typeof event[name] === 'string');
  return isWhole && !Number.isNaN(Date.parse(event.recordedAt as string))
    ? (event as unknown as ProvedEvent)
    : undefined;
}
