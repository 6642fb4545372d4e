import { validate as isUuid } from 'uuid';
import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** An event as a line of an export has it. Texts are those of the log, byte by byte. */
export interface ExportedEvent {
  readonly position: number;
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly typeVersion: number;
  /** ISO 8601, UTC, with ms. */
  readonly recordedAt: string;
  readonly actor: string;
  readonly correlationId: string;
  /** The stored text of the data, JSON. */
  readonly data: string;
  /** The stored text of the metadata, JSON. */
  readonly metadata: string;
  /** As stored: HMACs with the key of the log that was exported, and the mark of an event that closed its stream. */
  readonly tags: readonly string[];
}

/** A line for an event, without its newline. */
export function eventLine(event: RecordedEvent, tags: readonly string[]): string {
  const { position, stream, version, type, actor, correlationId } = event;
  return exportedLine({
    position,
    id: event.eventId,
    stream,
    version,
    type,
    typeVersion: event.schemaVersion,
    recordedAt: event.recordedAt.toISOString(),
    actor,
    correlationId,
    data: event.dataText,
    metadata: event.metadataText,
    tags,
  });
}

/** The line that an export has for this event, without its newline. */
export function exportedLine(event: ExportedEvent): string {
  const head = JSON.stringify({
    position: event.position,
    id: event.id,
    stream: event.stream,
    version: event.version,
    type: event.type,
    typeVersion: event.typeVersion,
    recordedAt: new Date(event.recordedAt).toISOString(),
    actor: event.actor,
    correlationId: event.correlationId,
  });
  const data = textMember('data', event.data);
  const metadata = textMember('metadata', event.metadata);
  return `${head.slice(0, -1)},${data},${metadata},"tags":${JSON.stringify(event.tags)}}`;
}

const NUMBERS = ['position', 'version', 'typeVersion'] as const;
const TEXTS = ['id', 'stream', 'type', 'recordedAt', 'actor', 'correlationId'] as const;
const LONGEST_TEXT = 1_000;

/** The event of a parsed line; undefined when something is missing or of another type. */
export function exportedEvent(line: Readonly<Record<string, unknown>>): ExportedEvent | undefined {
  const isWhole =
    NUMBERS.every((name) => isCount(line[name])) &&
    TEXTS.every((name) => typeof line[name] === 'string' && line[name].length <= LONGEST_TEXT) &&
    isUuid(line.id) &&
    Date.parse(line.recordedAt as string) >= 0 &&
    Array.isArray(line.tags) &&
    line.tags.every((tag) => typeof tag === 'string');
  const data = storedText(line, 'data');
  const metadata = storedText(line, 'metadata');
  if (!isWhole || data === undefined || metadata === undefined) return undefined;
  return { ...(line as unknown as ExportedEvent), data, metadata };
}

/**
 * JSON in the line, for readers; as a text where parsing and serializing would change it, so that hashes of the stored
 * text stay right.
 */
function textMember(name: 'data' | 'metadata', stored: string): string {
  return isStable(stored) ? `"${name}":${stored}` : `"${name}Text":${JSON.stringify(stored)}`;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isStable(text: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

function storedText(line: Readonly<Record<string, unknown>>, name: 'data' | 'metadata'): string | undefined {
  const text = line[`${name}Text`];
  if (typeof text === 'string') return text;
  const value = line[name];
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
}
