import type { ColumnMetadata } from '../row.js';
import { sqliteType } from './sqlite-types.js';

const column = (type: unknown): ColumnMetadata => ({ type, length: '' }) as ColumnMetadata;
const stores = (type: unknown, declared: string): boolean =>
  sqliteType(column(type), declared, 'BINARY', 'replace') !== undefined;

/** Without a type in its decorator, TypeORM names a column's class. */
class Point {}

it.each([
  [String, 'varchar'],
  [Number, 'integer'],
  [Boolean, 'boolean'],
  [Date, 'datetime'],
])('stores a property whose class is %p in a column %s', (type, declared) => {
  expect(stores(type, declared)).toBe(true);
});

it.each([
  ['whose class has no kind', Point, 'text'],
  ['of text in a column that turns texts into numbers', 'text', 'decimal'],
] as const)('does not support a property %s', (_what, type, declared) => {
  expect(stores(type, declared)).toBe(false);
});
