import { createHash } from 'node:crypto';
import { validate as isUuid } from 'uuid';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { EventRegistry } from '../../events/event-registry.js';
import type { JsonObject } from '../../events/json.js';
import type { EventMetadata } from '../../events/metadata.js';
import { prepareAppend } from '../../event-log/prepared-append.js';
import { ImportRefusedError } from './import.errors.js';
import type { IncomingEvent, LineReader } from './incoming-event.js';
import type { ImportMapping, MappedField } from './mapping.js';

/** What the lines are compared with. */
export interface MappingContext {
  readonly registry: EventRegistry;
  readonly serializer: EventSerializer;
  /** Largest size of one event's data, and of its metadata, in bytes. */
  readonly eventSize: number;
}

/** The lines of a file of another program: an object each, in the order in which they happened. */
export class MappedLines implements LineReader {
  readonly source: string;

  /** @param firstLine names the file */
  constructor(
    firstLine: string,
    private readonly mapping: ImportMapping,
    private readonly context: MappingContext,
  ) {
    this.source = `lines ${createHash('sha256').update(firstLine).digest('hex')}`;
  }

  read(text: string, line: number): IncomingEvent | undefined {
    if (text.trim() === '') return undefined;
    try {
      return this.mapped(parsed(text), text, line);
    } catch (error) {
      if (error instanceof ImportRefusedError) throw ImportRefusedError.inLine(line, error.message);
      throw ImportRefusedError.inLine(line, `the event can't be stored. ${(error as Error).message}`);
    }
  }

  finish(): void {}

  private mapped(record: object, text: string, line: number): IncomingEvent | undefined {
    const mappedType = this.typeOf(this.text(record, 'type'));
    if (mappedType === null) return undefined;
    const { type, version } = mappedType;
    const metadata = this.value(record, 'metadata') as EventMetadata | undefined;
    const actor = this.optionalText(record, 'actor');
    const correlationId = this.optionalText(record, 'correlationId');
    const stream = `${this.mapping.streamPrefix ?? ''}${this.text(record, 'stream')}`;
    // The same rules as for an append, and the same texts.
    const prepared = prepareAppend(
      [
        {
          stream,
          expected: 'any',
          events: [
            {
              eventId: this.idOf(record, text),
              type,
              schemaVersion: version,
              data: this.value(record, 'data') as JsonObject,
              metadata: { ...metadata, ...(actor && { actor }), ...(correlationId && { correlationId }) },
            },
          ],
        },
      ],
      {},
      Buffer.alloc(0),
      { eventSize: this.context.eventSize },
    );
    const [event] = prepared.streams[0]!.events;
    return {
      line,
      position: undefined,
      id: event!.eventId,
      stream,
      version: undefined,
      type,
      typeVersion: version,
      recordedAt: this.timeOf(record),
      actor: event!.actor,
      correlationId: event!.correlationId,
      data: event!.data,
      metadata: event!.metadata,
      closes: this.context.registry.forType(type)?.closes ?? false,
    };
  }

  private typeOf(name: string): { type: string; version: number } | null {
    const { types = {} } = this.mapping;
    const mapped = Object.hasOwn(types, name) ? types[name]! : name;
    if (mapped === null) return null;
    if (typeof mapped === 'object') return mapped;
    const newest = this.context.serializer.newestVersion(mapped) ?? 1;
    return { type: mapped, version: Number.isFinite(newest) ? newest : 1 };
  }

  private idOf(record: object, text: string): string {
    const { id = this.mapping.fields?.id === undefined ? 'hash' : 'field' } = this.mapping;
    if (id === 'hash') return idFrom(text);
    const given = this.text(record, 'id');
    return isUuid(given) ? given : idFrom(given);
  }

  private timeOf(record: object): number {
    const { time = 'iso' } = this.mapping;
    const value = this.value(record, 'recordedAt');
    const ms = time === 'iso' ? isoTime(value) : typeof value === 'number' ? value * (time === 's' ? 1_000 : 1) : NaN;
    const rounded = Math.floor(ms);
    if (rounded >= 0 && rounded <= 8.64e15) return rounded;
    const wanted =
      time === 'iso' ? 'a time with its zone, such as 2026-01-31T12:00:00Z' : `a number of ${time} since 1970`;
    throw new ImportRefusedError(
      `${this.pathOf('recordedAt')} is ${JSON.stringify(value)}. Give ${wanted}, or set "time" in the mapping.`,
    );
  }

  private text(record: object, field: MappedField): string {
    const value = this.value(record, field);
    if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      throw new ImportRefusedError(
        `${this.pathOf(field)} is beyond 2^53, where JSON numbers are rounded: others would become the same. Give it as a text.`,
      );
    }
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new ImportRefusedError(
      `${this.pathOf(field)} is ${value === undefined ? 'missing' : JSON.stringify(value)}. Give a text, or name another field in the mapping.`,
    );
  }

  private optionalText(record: object, field: MappedField): string | undefined {
    return this.value(record, field) === undefined ? undefined : this.text(record, field);
  }

  private value(record: object, field: MappedField): unknown {
    let value: unknown = record;
    for (const name of this.pathOf(field).split('.')) {
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? Reflect.get(value, name)
          : undefined;
    }
    return value ?? undefined;
  }

  private pathOf(field: MappedField): string {
    return this.mapping.fields?.[field] ?? field;
  }
}

/** With a zone: a time without one means something else on each machine. */
const ISO = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

function isoTime(value: unknown): number {
  const [, day] = (typeof value === 'string' && ISO.exec(value)) || [];
  return day !== undefined && isDay(day) ? Date.parse(value as string) : NaN;
}

/** A parser takes February 30 for March 1. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function parsed(text: string): object {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new ImportRefusedError(`this is no JSON: ${(error as Error).message}`);
  }
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record;
  throw new ImportRefusedError('this is no JSON object.');
}

/** The same text gives the same id. Source: RFC 9562, UUID version 8. */
function idFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
