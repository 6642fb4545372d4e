import type { ColumnMetadata } from './row.js';

const TEXTS = new Set<unknown>([String, 'text', 'varchar', 'character varying', 'uuid', 'citext']);
const NUMBERS = new Set<unknown>(['int', 'integer', 'bigint']);

/** Whether TypeORM passes the values of a column through unchanged, both ways. */
export function isPlain({ transformer, type }: ColumnMetadata): boolean {
  return !transformer && (TEXTS.has(type) || NUMBERS.has(type));
}

/** Whether these are values of a plain column: texts, or numbers. Drivers give and take a bigint as either. */
export function areOf({ type }: ColumnMetadata, values: readonly unknown[]): values is string[] | number[] {
  const kind = TEXTS.has(type) ? 'string' : 'number';
  return values.every((value) => typeof value === kind);
}
