import { Buffer } from 'node:buffer';
import { shown, type StoredType, ValueRefusedError } from './stored-type.js';
import type { UnstorableText } from './text-types.js';

/** JSON as the text that was written. @param parsed whether the driver returns the parsed value instead of the text */
export function jsonTextType(parsed: boolean): StoredType {
  return {
    normalize: (value) => checkedJson(value),
    ...(parsed
      ? { fromDriver: (value: unknown) => JSON.stringify(value), toDriver: (stored: unknown) => parse(stored) }
      : {}),
  };
}

/** `jsonb`: the driver returns the parsed value, with object keys in PostgreSQL's order. */
export function jsonbType(unstorable: UnstorableText): StoredType {
  return {
    normalize(value) {
      const text = JSON.stringify(JSON.parse(checkedJson(value)));
      return JSON.stringify(inOrder(JSON.parse(storableJson(text, unstorable))));
    },
    fromDriver: (value) => JSON.stringify(value),
    toDriver: parse,
  };
}

/** Bytes. */
export const bytesType: StoredType = {
  normalize(value) {
    if (!(value instanceof Uint8Array)) throw new ValueRefusedError(`is no Buffer or Uint8Array: ${shown(value)}`);
    return Buffer.from(value);
  },
  toDriver: (stored) => Buffer.from(stored as Buffer),
  keyText: (stored) => (stored as Buffer).toString('hex'),
};

/** An array with one dimension. */
export function arrayType(element: StoredType): StoredType {
  const map = (value: unknown, of: (item: unknown) => unknown): unknown[] => {
    if (!Array.isArray(value)) throw new ValueRefusedError(`is no array: ${shown(value)}`);
    return value.map((item: unknown) => (item === null || item === undefined ? null : of(item)));
  };
  return {
    normalize: (value) => map(value, (item) => element.normalize(item)),
    fromDriver: (value) => map(value, (item) => element.fromDriver?.(item) ?? element.normalize(item)),
    toDriver: (stored) => map(stored, (item) => (element.toDriver ? element.toDriver(item) : item)),
  };
}

function parse(stored: unknown): unknown {
  return JSON.parse(stored as string);
}

function checkedJson(value: unknown): string {
  // The driver returns a number where SQLite converted the text to one.
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') throw new ValueRefusedError(`JSON can't express: ${shown(value)}`);
  return text;
}

/** `jsonb` refuses the escapes that `JSON.stringify` writes for NUL and lone surrogates. */
function storableJson(text: string, unstorable: UnstorableText): string {
  return text.replaceAll(/\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/gi, (escape) => {
    if (!/^\\u(?:0000|d)/i.test(escape)) return escape;
    if (unstorable === 'refuse') throw new ValueRefusedError('has a NUL or half of a surrogate pair in it');
    return '\uFFFD';
  });
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>).map(([key, each]) => ({
    key,
    bytes: Buffer.from(key),
    each,
  }));
  entries.sort((one, other) => one.bytes.length - other.bytes.length || Buffer.compare(one.bytes, other.bytes));
  return Object.fromEntries(entries.map(({ key, each }) => [key, inOrder(each)]));
}
