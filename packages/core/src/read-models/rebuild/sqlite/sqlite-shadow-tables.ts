import type { EntityManager } from 'typeorm';
import { SHADOW_PREFIX, type ShadowTables, shadowOf } from '../shadow.js';
import { refuseSqliteObstacles } from './sqlite-obstacles.js';

interface Statement {
  readonly name: string;
  readonly sql: string;
}

/** Statements that create a table, in the order in which to run them. They include the indexes of constraints. */
const STATEMENTS = `select name, sql from sqlite_schema
  where tbl_name = ? collate nocase and type in ('table', 'index') and sql is not null order by type desc, name`;

/** SQLite stores an index definition with this beginning; the rest is as written. */
const INDEX_NAME = /^(CREATE (?:UNIQUE )?INDEX )("(?:[^"]|"")*"|`(?:[^`]|``)*`|'(?:[^']|'')*'|\[[^\]]*\]|[^\s("'`[]+)/;

export class SqliteShadowTables implements ShadowTables {
  async create(manager: EntityManager, tables: readonly string[]): Promise<void> {
    await this.drop(manager, tables);
    for (const table of tables) {
      await refuseSqliteObstacles(manager, table);
      for (const { sql } of await blueprint(manager, table)) await manager.query(sql);
    }
  }

  async exist(manager: EntityManager, tables: readonly string[]): Promise<boolean> {
    for (const table of tables) {
      if ((await statements(manager, shadowOf(table))).length === 0) return false;
    }
    return true;
  }

  async swap(manager: EntityManager, tables: readonly string[]): Promise<void> {
    for (const table of tables) {
      await refuseSqliteObstacles(manager, table);
      await refuseChanged(manager, table);
      const [live, ...indexes] = await statements(manager, table);
      await manager.query(`drop table ${quoted(table)}`);
      await rename(manager, shadowOf(table), live!.name);
      // SQLite can't rename an index.
      for (const { name, sql } of indexes) {
        await manager.query(`drop index ${quoted(shadowOf(name))}`);
        await manager.query(sql);
      }
    }
  }

  async drop(manager: EntityManager, tables: readonly string[]): Promise<void> {
    for (const table of tables) await manager.query(`drop table if exists ${quoted(shadowOf(table))}`);
  }
}

/**
 * The statements that create the shadow. SQLite itself renames the table in them, because it knows every place where a
 * statement names its table.
 */
async function blueprint(manager: EntityManager, table: string): Promise<Statement[]> {
  await manager.query('savepoint blueprint');
  try {
    const shadow = shadowOf(table);
    if ((await statements(manager, shadow)).length > 0) await rename(manager, shadow, shadowOf(shadow));
    await rename(manager, table, shadow);
    const [made, ...indexes] = await statements(manager, shadow);
    return [made!, ...indexes.map(withShadowName)];
  } finally {
    await manager.query('rollback to blueprint');
    await manager.query('release blueprint');
  }
}

function withShadowName({ name, sql }: Statement): Statement {
  const renamed = shadowOf(name);
  return { name: renamed, sql: sql.replace(INDEX_NAME, (_, create: string) => create + quoted(renamed)) };
}

/** A migration may have changed the table during the rebuild. */
async function refuseChanged(manager: EntityManager, table: string): Promise<void> {
  const wanted = await blueprint(manager, table);
  const made = await statements(manager, shadowOf(table));
  if (wanted.map(({ sql }) => sql).join(';') === made.map(({ sql }) => sql).join(';')) return;
  throw new Error(
    `The table "${table}" was changed after "${SHADOW_PREFIX}${table}" was made. Begin the rebuild again.`,
  );
}

function statements(manager: EntityManager, table: string): Promise<Statement[]> {
  return manager.query<Statement[]>(STATEMENTS, [table]);
}

async function rename(manager: EntityManager, table: string, name: string): Promise<void> {
  await manager.query(`alter table ${quoted(table)} rename to ${quoted(name)}`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
