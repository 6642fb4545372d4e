import type { DataSource } from 'typeorm';
import { DatabaseUnusableError } from './database-unusable.error.js';
import type { WriteDatabase } from './write-database.js';

/** Key of the advisory lock that nodes which start together take in turn. */
const MIGRATION_LOCK = 7_305_801;

/**
 * Brings the schema up to date, one process at a time.
 * @throws DatabaseUnusableError when the database has migrations that this program does not know
 */
export async function migrate(database: WriteDatabase, name: 'events' | 'views'): Promise<void> {
  await refuseNewerSchema(database.dataSource, name);
  if (database.kind === 'sqlite') {
    await database.transaction(async () => {
      await database.dataSource.runMigrations({ transaction: 'none' });
    });
    return;
  }
  const lock = database.dataSource.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await database.dataSource.runMigrations({ transaction: 'all' });
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  } finally {
    await lock.release();
  }
}

async function refuseNewerSchema(dataSource: DataSource, name: 'events' | 'views'): Promise<void> {
  const table = dataSource.options.migrationsTableName ?? 'migrations';
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable(table))) return;
    const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
    const rows = (await runner.query(`select name, "timestamp" as made_at from ${table} order by id`)) as Made[];
    const unknown = rows.find((row) => !known.has(row.name));
    if (!unknown) return;
    const newest = Math.max(...rows.filter(({ name: each }) => known.has(each)).map((row) => Number(row.made_at)));
    throw new DatabaseUnusableError(name, Number(unknown.made_at) > newest ? newer(unknown) : foreign(unknown));
  } finally {
    await runner.release();
  }
}

interface Made {
  readonly name: string;
  /** Ms since 1970, as the migration's name ends. */
  readonly made_at: number | string;
}

function newer({ name }: Made): string {
  return (
    `the database is newer than this version of the program (it has the migration ${name}). ` +
    `Start the newer version, or name another database. If that is another application's migration, give each a database of its own.`
  );
}

function foreign({ name }: Made): string {
  return (
    `the database has the migration ${name}, which is no part of this program, and older than others that are: another application ` +
    `uses this database, or a feature was taken out. Name another database, or put the feature's migrations back.`
  );
}
