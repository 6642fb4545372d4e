import type { EntityManager } from 'typeorm';

export const SHADOW_PREFIX = 'rebuild_';

/** Name of the table that is filled beside `table` while that one serves. */
export function shadowOf(table: string): string {
  return SHADOW_PREFIX + table;
}

/** DDL of shadow tables. Every method runs inside the transaction of `manager`; names are those of the live tables. */
export interface ShadowTables {
  /**
   * Makes an empty shadow of each table, with all columns, defaults, constraints and indexes of the live one as it is
   * now. Drops what an earlier rebuild left.
   * @throws UnrebuildableTableError where something about a table would be lost by a swap
   */
  create(manager: EntityManager, tables: readonly string[]): Promise<void>;

  /** Whether every shadow is there. */
  exist(manager: EntityManager, tables: readonly string[]): Promise<boolean>;

  /**
   * The shadows become the live tables, under their names, with names of indexes and constraints as before; the old
   * tables are dropped. It is the last thing in its transaction: on PostgreSQL a `lock_timeout` holds from here on.
   * @throws Error when a table is no longer what its shadow was made after, or (PostgreSQL, code 55P03) when somebody
   * reads a table for seconds
   */
  swap(manager: EntityManager, tables: readonly string[]): Promise<void>;

  /** Drops the shadows that are there. */
  drop(manager: EntityManager, tables: readonly string[]): Promise<void>;
}
