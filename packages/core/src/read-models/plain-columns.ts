import type { ColumnMetadata } from './row.js';

/** TypeORM types that its drivers pass through unchanged, both ways. */
const PLAIN = new Set<unknown>([
  String,
  'text',
  'varchar',
  'character varying',
  'uuid',
  'citext',
  'int',
  'integer',
  'bigint',
]);

/** Whether TypeORM passes the values of a column through unchanged, both ways. */
export function isPlain({ transformer, type }: ColumnMetadata): boolean {
  return !transformer && PLAIN.has(type);
}
