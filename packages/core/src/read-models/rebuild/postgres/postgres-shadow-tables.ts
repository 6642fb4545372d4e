import type { EntityManager } from 'typeorm';
import { SHADOW_PREFIX, type ShadowTables, shadowOf } from '../shadow.js';
import { UnrebuildableTableError } from '../unrebuildable-table.error.js';
import { CREATE_SHADOW, DRESS, EXCHANGE, LOCK, OWN } from './exchange-tables.sql.js';
import { OBSTACLES } from './obstacles.sql.js';
import { pairParts, restoring, strayPart } from './table-parts.js';

/** In bytes. PostgreSQL cuts a longer name off, and what is left may be the name of another table. */
const LONGEST_NAME = 63 - SHADOW_PREFIX.length;
/** How long a swap waits for a vacuum, in ms. Everybody reads on meanwhile; an automatic one is ended after a second. */
const PATIENCE_WITH_VACUUM = 5_000;
/**
 * How long it waits for readers to end, in ms; others who come to read wait behind it meanwhile. One who reads a second
 * table may wait for the swap while the swap waits for him. After `deadlock_timeout`, a second, PostgreSQL would end one of
 * both, perhaps the reader: the swap gives up before.
 */
const PATIENCE_WITH_READERS = 900;

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
      const stray = strayPart(await pairParts(manager, live, made.shadow!));
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
    await waitAtMost(manager, PATIENCE_WITH_VACUUM);
    // A table that nobody has analysed yet would be read by bad plans, and before the lock it costs the readers nothing.
    for (const { shadow } of pairs) await runAll(manager, `select format('analyze %s', $1::regclass) as sql`, [shadow]);
    const live = pairs.map((pair) => pair.live);
    await runAll(manager, LOCK, [live, 'share update exclusive']);
    // It waits so long for each table.
    await waitAtMost(manager, Math.ceil(PATIENCE_WITH_READERS / pairs.length));
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
  if (strayPart(parts)) throw changed(table);
  await runAll(manager, OWN, [live, shadow]);
  await runAll(manager, DRESS, [live, shadow]);
  await runAll(manager, EXCHANGE, [live, shadow]);
  for (const statement of restoring(parts)) await manager.query(statement);
}

/** A migration may have changed the table meanwhile. */
function changed(table: string): Error {
  return new Error(`The table "${table}" is not what "${shadowOf(table)}" was made after. Begin the rebuild anew.`);
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

/** The live table as the search path finds it, and its shadow in the same schema. */
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

/** Runs the statements that a query writes, in its order. */
async function runAll(manager: EntityManager, query: string, parameters: unknown[]): Promise<void> {
  for (const { sql } of await manager.query<{ sql: string }[]>(query, parameters)) await manager.query(sql);
}
