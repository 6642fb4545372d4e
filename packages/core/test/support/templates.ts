import type { Databases } from '../../src/databases/databases.js';
import { type OpenDatabase, openDatabase } from '../../src/databases/open-database.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import type { MigrationClass } from '../../src/databases/schema.js';
import { onceARun } from './once-a-run.js';
import { templatePrefix } from './test-run.mjs';

export interface Migrations {
  readonly events: readonly MigrationClass[];
  readonly views: readonly MigrationClass[];
}

/** The migrations of a running application. */
export function migrationsOf({ events, views }: Databases): Migrations {
  const classes = ({ write }: OpenDatabase) => write.dataSource.options.migrations as MigrationClass[];
  return { events: classes(events), views: classes(views) };
}

/** Migrations that most tests start from. Test databases are copied from a database in which they have run. */
export interface Template {
  /** Lower case letters, different for each template. */
  readonly name: string;
  readonly migrations: () => Promise<Migrations>;
}

/** What a database has: the event log, the read models, or both. */
export type Contents = 'events' | 'views' | 'both';

/**
 * The PostgreSQL database to copy, made once per Jest run. A copy costs the server a tenth of what the migrations cost.
 *
 * @param admin runs a statement on the server
 * @param urlOf the URL of a database on it
 */
export async function templateDatabase(
  { name, migrations }: Template,
  contents: Contents,
  admin: (statement: string) => Promise<void>,
  urlOf: (database: string) => string,
): Promise<string> {
  const database = `${templatePrefix()}_${name}_${contents}`;
  // A test may have a server of its own.
  const { port } = new URL(urlOf(database));
  await onceARun(`template-${name}-${contents}-${port}`, async () => {
    await admin(`CREATE DATABASE ${database} TEMPLATE template0 STRATEGY file_copy`);
    const { events, views } = await migrations();
    if (contents !== 'views') await run('events', events, urlOf(database));
    if (contents !== 'events') await run('views', views, urlOf(database));
  });
  return database;
}

async function run(name: 'events' | 'views', migrations: readonly MigrationClass[], url: string): Promise<void> {
  await (await openDatabase(name, parseDatabaseUrl(url), { entities: [], migrations })).close();
}
