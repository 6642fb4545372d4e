import { ImportRefusedError } from './import.errors.js';

/** How the lines of a file of another program become events. */
export interface ImportMapping {
  /**
   * Names of fields in the file; a dot leads into an object. Default: the names here. Only `stream`, `type` and `data` must
   * be in each line, and `recordedAt`.
   */
  readonly fields?: Partial<Record<MappedField, string>>;
  /**
   * Stored types by the types of the file; a type that is not listed stays as it is, and `null` leaves its events out. With a
   * version of the type where the data is not that of the newest one.
   */
  readonly types?: Readonly<Record<string, string | null | { readonly type: string; readonly version: number }>>;
  /** Put before each name of a stream, such as `order-`. */
  readonly streamPrefix?: string;
  /** `field`: a UUID, or a text from which one is made. `hash`: made of the line. Default: the field if it is named. */
  readonly id?: 'field' | 'hash';
  /** Default: `iso`. `ms` and `s`: since 1970, UTC. */
  readonly time?: 'iso' | 'ms' | 's';
}

const FIELDS = ['id', 'stream', 'type', 'data', 'recordedAt', 'actor', 'correlationId', 'metadata'] as const;
/** What a mapping finds in a line. */
export type MappedField = (typeof FIELDS)[number];

const KEYS = ['fields', 'types', 'streamPrefix', 'id', 'time'];

/** Checks a mapping that was read from a file. @throws ImportRefusedError that says what is wrong */
export function checkMapping(value: unknown): ImportMapping {
  const mapping = object(value, 'the whole');
  refuseOthers(mapping, KEYS, 'The mapping');
  const { fields = {}, types = {}, streamPrefix = '', id = 'hash', time = 'iso' } = mapping;
  const names = object(fields, 'fields');
  refuseOthers(names, FIELDS, 'fields');
  for (const [name, path] of Object.entries(names))
    if (typeof path !== 'string') throw wrong(`fields.${name}`, 'a text');
  for (const [name, type] of Object.entries(object(types, 'types'))) checkType(name, type);
  if (typeof streamPrefix !== 'string') throw wrong('streamPrefix', 'a text');
  if (id !== 'field' && id !== 'hash') throw wrong('id', '"field" or "hash"');
  if (time !== 'iso' && time !== 'ms' && time !== 's') throw wrong('time', '"iso", "ms" or "s"');
  return mapping;
}

function checkType(name: string, type: unknown): void {
  if (type === null || typeof type === 'string') return;
  const { type: stored, version } = object(type, `types.${name}`);
  if (typeof stored !== 'string' || typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw wrong(`types.${name}`, 'a text, null, or an object with a type and a version');
  }
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(name, 'an object');
}

function refuseOthers(value: object, known: readonly string[], name: string): void {
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other === undefined) return;
  throw new ImportRefusedError(`${name} has no place for "${other}". It has ${known.join(', ')}.`);
}

function wrong(name: string, wanted: string): ImportRefusedError {
  return new ImportRefusedError(`${name} of the mapping must be ${wanted}.`);
}
