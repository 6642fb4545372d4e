import { Column, Entity, type ObjectLiteral, PrimaryColumn, Unique } from 'typeorm';
import type { RowClass } from '../../src/read-models/row.js';
import type { DatabaseKind } from '../support/databases.js';
import { type ColumnKind, columnKinds } from './column-kinds.js';

/** An entity determined by a seed. */
export interface RandomEntity {
  readonly entity: RowClass;
  readonly table: string;
  readonly keys: readonly ColumnKind[];
  readonly columns: readonly ColumnKind[];
  /** Its keys are in one embedded object, and its columns in another. */
  readonly isEmbedded: boolean;
  /** It has a column `once`, with another number in each row. */
  readonly hasUnique: boolean;
  /** Kinds of its columns, for messages. */
  readonly description: string;
}

interface Traits extends Pick<RandomEntity, 'isEmbedded' | 'hasUnique'> {
  /** Columns that TypeORM loads only on request. */
  readonly hidden: ReadonlySet<number>;
}

type PrimaryColumnOptions = ColumnKind['options'] & { nullable?: false };

const KEY = 'key';
const COLUMN = 'column';
/** Properties of the embedded objects. */
const KEYS = 'id';
const COLUMNS = 'rest';

/** One entity for each kind of column that can be a key, and some with keys of two columns. */
export function randomEntities(kind: DatabaseKind, random: () => number): RandomEntity[] {
  const kinds = columnKinds(kind);
  const keys = kinds.filter((each) => each.keys);
  const below = (end: number): number => Math.floor(random() * end);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const single = keys.map((each) => [each]);
  const double = Array.from({ length: 6 }, () => [pick(keys), pick(keys)]);
  const [embedded, unique] = [below(3), below(2)];
  return [...single, ...double].map((of, index) =>
    randomEntity(`any_row_${index}`, of, some(kinds), {
      isEmbedded: index % 3 === embedded,
      hasUnique: index % 2 === unique,
      hidden: new Set(random() < 0.5 ? [below(2)] : []),
    }),
  );

  function some(from: readonly ColumnKind[]): ColumnKind[] {
    return Array.from({ length: 1 + below(4) }, () => pick(from));
  }
}

const keyName = (index: number): string => `${KEY}${index}`;
const columnName = (index: number): string => `${COLUMN}${index}`;

/** The entity's key part, from the values of its columns. */
export function keyWith({ isEmbedded }: RandomEntity, values: readonly unknown[]): ObjectLiteral {
  const key = Object.fromEntries(values.map((value, index) => [keyName(index), value]));
  return isEmbedded ? { [KEYS]: key } : key;
}

export function keyValues({ keys, isEmbedded }: RandomEntity, key: ObjectLiteral): unknown[] {
  const holder = (isEmbedded ? key[KEYS] : key) as ObjectLiteral;
  return keys.map((_, index) => holder[keyName(index)] as unknown);
}

/** Paths of the properties of the key, as TypeORM names them. */
export function keyPaths({ keys, isEmbedded }: RandomEntity): string[] {
  return keys.map((_, index) => (isEmbedded ? `${KEYS}.${keyName(index)}` : keyName(index)));
}

export function columnOf({ isEmbedded }: RandomEntity, row: ObjectLiteral, column: number): unknown {
  const holder = (isEmbedded ? row[COLUMNS] : row) as ObjectLiteral | undefined;
  return holder?.[columnName(column)];
}

export function setColumn({ isEmbedded }: RandomEntity, row: ObjectLiteral, column: number, value: unknown): void {
  const holder = (isEmbedded ? (row[COLUMNS] ??= {}) : row) as ObjectLiteral;
  holder[columnName(column)] = value;
}

export function createTable({ table, keys, columns, hasUnique }: RandomEntity, prefix = ''): string {
  const named = [
    ...keys.map(({ ddl }, index) => `"${keyName(index)}" ${ddl} not null`),
    ...columns.map(({ ddl }, index) => `"${columnName(index)}" ${ddl}`),
    ...(hasUnique ? ['once integer not null unique'] : []),
  ];
  const key = keys.map((_, index) => `"${keyName(index)}"`).join(', ');
  return `create table ${prefix}${table} (${named.join(', ')}, primary key (${key}))`;
}

function randomEntity(
  table: string,
  keys: readonly ColumnKind[],
  columns: readonly ColumnKind[],
  { isEmbedded, hasUnique, hidden }: Traits,
): RandomEntity {
  const entity = class implements ObjectLiteral {};
  const ofKeys = isEmbedded ? class {} : entity;
  const ofColumns = isEmbedded ? class {} : entity;
  keys.forEach(({ options }, index) =>
    PrimaryColumn(options as PrimaryColumnOptions)(ofKeys.prototype, keyName(index)),
  );
  columns.forEach(({ options }, index) =>
    Column({ ...options, nullable: true, select: !hidden.has(index) })(ofColumns.prototype, columnName(index)),
  );
  if (isEmbedded) {
    Column(() => ofKeys, { prefix: false })(entity.prototype, KEYS);
    Column(() => ofColumns, { prefix: false })(entity.prototype, COLUMNS);
  }
  if (hasUnique) {
    Column('int')(entity.prototype, 'once');
    Unique(['once'])(entity);
  }
  Entity(table)(entity);
  const name = ({ name: kind }: ColumnKind, index: number): string => (hidden.has(index) ? `${kind} (hidden)` : kind);
  const traits = [...(isEmbedded ? ['embedded'] : []), ...(hasUnique ? ['unique'] : [])].map((trait) => `, ${trait}`);
  const description = `${keys.map((key) => key.name).join(' + ')}: ${columns.map(name).join(', ')}${traits.join('')}`;
  return { entity, table, keys, columns, isEmbedded, hasUnique, description };
}
