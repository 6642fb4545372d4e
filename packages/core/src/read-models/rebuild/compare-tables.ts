import type { EntityManager, EntityMetadata } from 'typeorm';
import { compareRows, countChanges, storedColumns } from './compare-rows.sql.js';

/** How the rows of a read model's table differ from those of its shadow table, by primary key. */
export interface TableComparison {
  readonly table: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** The first ten differences, ordered by primary key: column names with their values, null for a missing row. */
  readonly examples: readonly RowDifference[];
}

/** One row that differs after a rebuild. */
export interface RowDifference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly key: Readonly<Record<string, unknown>>;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

type ExampleRow = { readonly change: RowDifference['change'] } & Readonly<Record<string, unknown>>;

/** Compares inside the database, in two statements. Only the examples are loaded. `entity` is the live one. */
export async function compareTables(manager: EntityManager, entity: EntityMetadata): Promise<TableComparison> {
  const counted = await manager.query<{ change: RowDifference['change']; rows: number | string }[]>(
    countChanges(manager.dataSource, entity),
  );
  const count = (change: RowDifference['change']) => Number(counted.find((each) => each.change === change)?.rows ?? 0);
  const examples = counted.length ? await manager.query<ExampleRow[]>(compareRows(manager.dataSource, entity)) : [];
  return {
    table: entity.tableName,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    examples: examples.map((row) => differenceOf(row, entity)),
  };
}

function differenceOf(row: ExampleRow, entity: EntityMetadata): RowDifference {
  const { change } = row;
  const before = change === 'added' ? null : side(row, 'before', entity);
  const after = change === 'removed' ? null : side(row, 'after', entity);
  const keys = entity.primaryColumns.map(({ databaseName }) => databaseName);
  return { change, key: Object.fromEntries(keys.map((key) => [key, (before ?? after)![key]])), before, after };
}

function side(row: ExampleRow, name: 'before' | 'after', entity: EntityMetadata): Record<string, unknown> {
  return Object.fromEntries(storedColumns(entity).map((column, index) => [column, row[`${name}_${index}`]]));
}
