import type { DataSource } from 'typeorm';
import type { StoredType } from './stored-type.js';
import type { ColumnMetadata } from '../row.js';

/** A column as the database has it. */
export interface TableColumn {
  readonly name: string;
  /** The type's name, for messages. */
  readonly typeName: string;
  /** How values of the property are stored; undefined where the kernel doesn't support that. */
  storedAs(property: ColumnMetadata): StoredType | undefined;
  readonly isNullable: boolean;
  /** The database computes it, so that it can't be written. */
  readonly isComputed: boolean;
  /** SQL of the default value, if there is one. */
  readonly default: string | null;
}

/** A table as the database has it. */
export interface TableShape {
  readonly columns: ReadonlyMap<string, TableColumn>;
  /** The columns of each unique index without a condition; the primary key is one. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether something else than the uniqueness of `key` can refuse a row because of another row. */
  hasOtherUniqueness(key: readonly string[]): boolean;
  /** A foreign key refers to its rows, or it has a trigger: deleting a row does more than that. */
  readonly hasDependents: boolean;
}

/** Reads the shapes of tables. A database that has no such table answers undefined. */
export type ReadTableShape = (source: DataSource, table: string) => Promise<TableShape | undefined>;

export function sameColumns(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
