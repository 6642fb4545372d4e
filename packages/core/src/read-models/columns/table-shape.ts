import type { DataSource } from 'typeorm';
import type { StoredType } from './stored-type.js';
import type { ColumnMetadata } from '../row.js';
import type { RowLists } from '../statements/row-lists.js';

/** A column as it is in the database. */
export interface TableColumn {
  readonly name: string;
  /** The type's name, for messages and statements. */
  readonly typeName: string;
  /** How values of the property are stored; undefined if the kernel does not support that. */
  storedAs(property: ColumnMetadata): StoredType | undefined;
  readonly isNullable: boolean;
  /** A generated column, which can't be written. */
  readonly isComputed: boolean;
  /** SQL of the default value, if there is one. */
  readonly default: string | null;
}

/** A table as it is in the database. */
export interface TableShape {
  /** Names of column types that a read model supports on this database, for messages. */
  readonly supportedTypes: string;
  readonly columns: ReadonlyMap<string, TableColumn>;
  /** The columns of each unique index without a condition, including the primary key. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether another constraint than the uniqueness of `key` can refuse a row because of another row. */
  hasOtherUniqueness(key: readonly string[]): boolean;
  /** A foreign key refers to the table, or it has a trigger, so deleting a row has further effects. */
  readonly hasDependents: boolean;
  /** How a statement receives many rows of it. */
  readonly lists: RowLists;
}

/** Reads the shape of a table; undefined if the table does not exist. */
export type ReadTableShape = (source: DataSource, table: string) => Promise<TableShape | undefined>;

export function sameColumns(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
