import { Column, Entity, type ObjectLiteral, PrimaryColumn } from 'typeorm';
import type { RowClass } from '../../src/read-models/row.js';
import type { DatabaseKind } from '../../../../test/support/databases.js';
import { type ColumnKind, columnKinds } from './column-kinds.js';

/** An entity that a seed determines. */
export interface RandomEntity {
  readonly entity: RowClass;
  readonly table: string;
  readonly keys: readonly ColumnKind[];
  readonly columns: readonly ColumnKind[];
  /** Kinds of its columns, for messages. */
  readonly description: string;
}

type PrimaryColumnOptions = ColumnKind['options'] & { nullable?: false };

const KEY = 'key';
const COLUMN = 'column';

/** One entity for each kind of column that can be a key, and some with keys of two columns. */
export function randomEntities(kind: DatabaseKind, random: () => number): RandomEntity[] {
  const kinds = columnKinds(kind);
  const keys = kinds.filter((each) => each.keys);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const single = keys.map((each) => [each]);
  const double = Array.from({ length: 6 }, () => [pick(keys), pick(keys)]);
  return [...single, ...double].map((of, index) => randomEntity(`any_row_${index}`, of, some(kinds)));

  function some(from: readonly ColumnKind[]): ColumnKind[] {
    return Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(from));
  }
}

export const keyName = (index: number): string => `${KEY}${index}`;
export const columnName = (index: number): string => `${COLUMN}${index}`;

export function createTable({ table, keys, columns }: RandomEntity, prefix = ''): string {
  const named = [
    ...keys.map(({ ddl }, index) => `"${keyName(index)}" ${ddl} not null`),
    ...columns.map(({ ddl }, index) => `"${columnName(index)}" ${ddl}`),
  ];
  const key = keys.map((_, index) => `"${keyName(index)}"`).join(', ');
  return `create table ${prefix}${table} (${named.join(', ')}, primary key (${key}))`;
}

function randomEntity(table: string, keys: readonly ColumnKind[], columns: readonly ColumnKind[]): RandomEntity {
  const entity = class implements ObjectLiteral {};
  keys.forEach(({ options }, index) =>
    PrimaryColumn(options as PrimaryColumnOptions)(entity.prototype, keyName(index)),
  );
  columns.forEach(({ options }, index) => Column({ ...options, nullable: true })(entity.prototype, columnName(index)));
  Entity(table)(entity);
  const description = `${keys.map(({ name }) => name).join(' + ')}: ${columns.map(({ name }) => name).join(', ')}`;
  return { entity, table, keys, columns, description };
}
