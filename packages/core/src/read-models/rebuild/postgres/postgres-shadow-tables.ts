import type { EntityManager } from 'typeorm';
import { SHADOW_PREFIX, type ShadowTables, shadowOf } from '../shadow.js';
import { UnrebuildableTableError } from '../unrebuildable-table.error.js';
import { CREATE_SHADOW, COPY_PRIVILEGES, EXCHANGE, LOCK, MOVE_SEQUENCES } from './exchange-tables.sql.js';
import { OBSTACLES } from './obstacles.sql.js';
import { pairParts, restoring, unmatchedPart } from './table-parts.js';

/** In bytes. PostgreSQL truncates longer names, and the rest may be another table's name. */
const LONGEST_NAME = 63 - SHADOW_PREFIX.length;
/**
 * How long a swap waits for a vacuum, in ms. Queries continue during that wait. PostgreSQL cancels an automatic vacuum
 * after a second.
 */
const VACUUM_WAIT = 5_000;
/**
 * How long a swap waits for running queries, in ms; new queries queue behind it. A transaction that goes on to read a
 * second table may deadlock with the swap. After `deadlock_timeout`, one second, PostgreSQL would cancel one of the
 * two, perhaps the reader. So the swap gives up sooner.
 */
const READERS_WAIT = 900;

interface Pair {
  readonly table: string;
  readonly live: number;
  readonly shadow: number | null;
}

export class PostgresShadowTables implements ShadowTables {
  async create(manager: EntityManager, tables: readonly string[]): Promise<void> {
    const tooLong = tables.find((table) => !fits(table));
    if (tooLong) throw UnrebuildableTableError.becauseItsNameIsTooLong(tooLong, LONGEST_NAME);
    await this.drop(manager, tables);
    for (const table of tables) {
      const { live } = await resolve(manager, table);
      await refuseObstacles(manager, table, live);
      await runAll(manager, CREATE_SHADOW, [live, shadowOf(table)]);
      const made = await resolve(manager, table);
      const stray = unmatchedPart(await pairParts(manager, live, made.shadow!));
      if (stray) throw UnrebuildableTableError.becauseItIsNotAlone(table, `a copy of it lacks its ${stray}`);
    }
  }

  async exist(manager: EntityManager, tables: readonly string[]): Promise<boolean> {
    for (const table of tables) {
      if (!(await find(manager, table))?.shadow) return false;
    }
    return true;
  }

  async swap(manager: EntityManager, tables: readonly string[]): Promise<void> {
    const pairs: Pair[] = [];
    for (const table of tables) pairs.push(await resolve(manager, table));
    const missing = pairs.find(({ shadow }) => shadow === null);
    if (missing) throw changed(missing.table);
    await waitAtMost(manager, VACUUM_WAIT);
    // Analyzes before taking the lock. A new table without statistics gets bad query plans, and analyzing now does not
    // block readers.
    for (const { shadow } of pairs) await runAll(manager, `select format('analyze %s', $1::regclass) as sql`, [shadow]);
    const live = pairs.map((pair) => pair.live);
    await runAll(manager, LOCK, [live, 'share update exclusive']);
    // The timeout applies to each table.
    await waitAtMost(manager, Math.ceil(READERS_WAIT / pairs.length));
    await runAll(manager, LOCK, [live, 'access exclusive']);
    for (const pair of pairs) await exchange(manager, pair);
  }

  async drop(manager: EntityManager, tables: readonly string[]): Promise<void> {
    for (const table of tables.filter(fits)) {
      await runAll(manager, `select format('drop table if exists %I', $1::text) as sql`, [shadowOf(table)]);
    }
  }
}

async function waitAtMost(manager: EntityManager, ms: number): Promise<void> {
  await manager.query(`set local lock_timeout = '${ms}ms'`);
}

function fits(table: string): boolean {
  return Buffer.byteLength(table) <= LONGEST_NAME;
}

async function exchange(manager: EntityManager, { table, live, shadow }: Pair): Promise<void> {
  await refuseObstacles(manager, table, live);
  const parts = await pairParts(manager, live, shadow!);
  if (unmatchedPart(parts)) throw changed(table);
  await runAll(manager, MOVE_SEQUENCES, [live, shadow]);
  await runAll(manager, COPY_PRIVILEGES, [live, shadow]);
  await runAll(manager, EXCHANGE, [live, shadow]);
  for (const statement of restoring(parts)) await manager.query(statement);
}

/** A migration may have changed the table during the rebuild. */
function changed(table: string): Error {
  return new Error(`The table "${table}" was changed after "${shadowOf(table)}" was made. Begin the rebuild again.`);
}

async function refuseObstacles(manager: EntityManager, table: string, live: number): Promise<void> {
  const [obstacle] = await manager.query<{ reason: string }[]>(OBSTACLES, [live]);
  if (obstacle) throw UnrebuildableTableError.becauseItIsNotAlone(table, obstacle.reason);
}

async function resolve(manager: EntityManager, table: string): Promise<Pair> {
  const found = await find(manager, table);
  if (!found) throw UnrebuildableTableError.becauseItIsMissing(table);
  return found;
}

/** The live table, found through the search path, and its shadow in the same schema. */
async function find(manager: EntityManager, table: string): Promise<Pair | undefined> {
  const [found] = await manager.query<Pair[]>(
    `select $1 as "table", live.oid as live, shadow.oid as shadow
       from pg_class as live
       left join pg_class as shadow on shadow.relnamespace = live.relnamespace and shadow.relname = $2::text
      where live.oid = to_regclass(quote_ident($1))`,
    [table, shadowOf(table)],
  );
  return found;
}

/** Runs the statements that a query returns, in order. */
async function runAll(manager: EntityManager, query: string, parameters: unknown[]): Promise<void> {
  for (const { sql } of await manager.query<{ sql: string }[]>(query, parameters)) await manager.query(sql);
}
