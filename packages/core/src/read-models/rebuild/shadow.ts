import type { EntityManager } from 'typeorm';

export const SHADOW_PREFIX = 'rebuild_';

/** Name of the shadow table that is filled while `table` serves. */
export function shadowOf(table: string): string {
  return SHADOW_PREFIX + table;
}

/** DDL of shadow tables. Every method runs inside the transaction of `manager`; names are those of the live tables. */
export interface ShadowTables {
  /**
   * Creates an empty shadow of each table, with all columns, defaults, constraints and indexes that the live one has
   * now. Drops leftovers of an earlier rebuild.
   * @throws UnrebuildableTableError when a swap would lose a property of a table
   */
  create(manager: EntityManager, tables: readonly string[]): Promise<void>;

  /** Whether all shadow tables exist. */
  exist(manager: EntityManager, tables: readonly string[]): Promise<boolean>;

  /**
   * Replaces the live tables by the shadow tables, under the live names, with the same names of indexes and
   * constraints. Drops the old tables. Must be the last thing in its transaction: on PostgreSQL a `lock_timeout`
   * applies from here on.
   * @throws Error when a table has changed since its shadow was created, or (PostgreSQL, code 55P03) when queries use a
   * table for seconds
   */
  swap(manager: EntityManager, tables: readonly string[]): Promise<void>;

  /** Drops existing shadow tables. */
  drop(manager: EntityManager, tables: readonly string[]): Promise<void>;
}
