import type { EntityManager } from 'typeorm';
import { SHADOW_PREFIX, type ShadowTables, shadowOf } from '../shadow.js';
import { UnrebuildableTableError } from '../unrebuildable-table.error.js';
import { CREATE_SHADOW, DRESS, EXCHANGE, LOCK, OWN } from './exchange-tables.sql.js';
import { OBSTACLES } from './obstacles.sql.js';
import { pairParts, renameStatements, strayPart } from './table-parts.js';

/** PostgreSQL cuts longer names off, in bytes. */
const LONGEST_NAME = 63;
/** Others who want to read wait behind a swap that waits for a reader, so it doesn't wait for long. */
const LOCK_TIMEOUT = '2s';

interface Pair {
  readonly table: string;
  readonly live: number;
  readonly shadow: number | null;
}

export class PostgresShadowTables implements ShadowTables {
  async create(manager: EntityManager, tables: readonly string[]): Promise<void> {
    await this.drop(manager, tables);
    for (const table of tables) {
      const limit = LONGEST_NAME - SHADOW_PREFIX.length;
      if (Buffer.byteLength(table) > limit) throw UnrebuildableTableError.becauseItsNameIsTooLong(table, limit);
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
    // A table that nobody has analysed yet would be read by bad plans, and before the lock it costs the readers nothing.
    for (const { shadow } of pairs) await runAll(manager, `select format('analyze %s', $1::regclass) as sql`, [shadow]);
    await manager.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await runAll(manager, LOCK, [pairs.map(({ live }) => live)]);
    for (const pair of pairs) await exchange(manager, pair);
  }

  async drop(manager: EntityManager, tables: readonly string[]): Promise<void> {
    for (const table of tables) {
      await runAll(manager, `select format('drop table if exists %I', $1::text) as sql`, [shadowOf(table)]);
    }
  }
}

async function exchange(manager: EntityManager, { table, live, shadow }: Pair): Promise<void> {
  await refuseObstacles(manager, table, live);
  const parts = await pairParts(manager, live, shadow!);
  if (strayPart(parts)) throw changed(table);
  await runAll(manager, OWN, [live, shadow]);
  await runAll(manager, DRESS, [live, shadow]);
  await runAll(manager, EXCHANGE, [live, shadow]);
  for (const statement of renameStatements(parts)) await manager.query(statement);
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
       left join pg_class as shadow on shadow.relnamespace = live.relnamespace and shadow.relname = $2
      where live.oid = to_regclass(quote_ident($1))`,
    [table, shadowOf(table)],
  );
  return found;
}

/** Runs the statements that a query writes, in its order. */
async function runAll(manager: EntityManager, query: string, parameters: unknown[]): Promise<void> {
  for (const { sql } of await manager.query<{ sql: string }[]>(query, parameters)) await manager.query(sql);
}
