import type { DataSource } from 'typeorm';
import { DatabaseUnusableError } from './database-unusable.error.js';
import type { Engine } from './engines/engine.js';
import { hasTable } from './has-table.js';
import { type RunningNode, refuseToBreak } from './refuse-to-break.js';
import type { WriteDatabase } from './write-database.js';

/**
 * Migrates the schema to the latest version, one process at a time.
 * @param running the nodes that use the databases now
 * @throws DatabaseUnusableError when the database has migrations that this program does not know, when a pending one
 * would break a node that runs, or when the role lacks the rights to run pending ones
 */
export async function migrate(
  engine: Engine,
  database: WriteDatabase,
  name: 'events' | 'views',
  running: () => Promise<readonly RunningNode[]>,
): Promise<void> {
  const pending = await pendingMigrations(database.dataSource, name);
  if (pending === 0) return;
  const nodes = await running();
  if (nodes.length > 0) refuseToBreak(nodes, database.dataSource.migrations, name);
  await engine.migrate(database, name, pending);
}

/**
 * Number of pending migrations.
 * @throws DatabaseUnusableError when the database has migrations that this program does not know
 */
async function pendingMigrations(dataSource: DataSource, name: 'events' | 'views'): Promise<number> {
  const table = `leftfold_migrations_${name}`;
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await hasTable(runner, table))) return Math.max(dataSource.migrations.length, 1);
    const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
    // Named as it is in the namespace by the connection.
    const rows = (await runner.query(
      `select name, "timestamp" as made_at from ${table} order by id`,
    )) as MigrationRow[];
    const unknown = rows.find((row) => !known.has(row.name));
    if (!unknown) return known.size - rows.length;
    const newest = Math.max(...rows.filter(({ name: each }) => known.has(each)).map((row) => Number(row.made_at)));
    throw new DatabaseUnusableError(name, Number(unknown.made_at) > newest ? newer(unknown) : foreign(unknown));
  } finally {
    await runner.release();
  }
}

interface MigrationRow {
  readonly name: string;
  /** Ms since 1970, from the end of the migration's name. */
  readonly made_at: number | string;
}

function newer({ name }: MigrationRow): string {
  return (
    `the database is newer than this version of the program (it has the migration ${name}). ` +
    `Start the newer version, or name another database. If that is another application's migration, give each a table prefix or a database of its own.`
  );
}

function foreign({ name }: MigrationRow): string {
  return (
    `the database has the migration ${name}, which is no part of this program, and older than others that are: another application ` +
    `uses this database, or a feature was taken out. Name another database, give each application a table prefix of its own, or put the feature's migrations back.`
  );
}
