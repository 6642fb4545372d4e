import type pg from 'pg';
import { DatabaseUnusableError, NoEventLogError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
import { Namespace } from './namespace.js';
import { choosePrefix, type NamespaceOptions, MARKER_TABLES, markerTablesOf } from './namespace-choice.js';
import { type SessionSetup, postgresClientWith } from './postgres-client.js';

interface Found {
  /** The schema in which new tables are made. */
  readonly schema: string | null;
  readonly is_temporary: boolean;
  readonly search_path: string;
  /** Kernel tables found in that schema. */
  readonly here: string[];
  /** The next schema in the search path that has kernel tables. */
  readonly elsewhere: string | null;
  readonly database: string;
  readonly version: string;
}

/** Where the tables are, and what TypeORM would otherwise ask on its first connection. */
export interface SeenDatabase {
  readonly namespace: Namespace;
  /** Name of the database. */
  readonly database: string;
  /** Such as "18.4". */
  readonly version: string;
}

/**
 * $1 are table names, and $2 is the first of them. A temporary schema gets a name only when it is first used, so the search
 * path is queried, too. The functions answer from the server's caches: joins of catalogs take a new session longer.
 */
const FIND = `
select current_schema() as schema, current_setting('search_path') as search_path,
       current_database() as database, current_setting('server_version') as version,
       coalesce(current_schema() like 'pg\\_temp%', false) as is_temporary,
       array(select name from unnest($1::text[]) as name
              where (${identified(`quote_ident(current_schema()) || '.' || quote_ident(name)`)}).type = 'table') as here,
       (select found.schema from ${identified('quote_ident($2)')} as found
         where found.type = 'table' and found.schema <> quote_ident(current_schema())) as elsewhere`;

/** Kind and quoted schema of what has a name; nulls if there is nothing. */
function identified(name: string): string {
  return `pg_identify_object('pg_class'::regclass, to_regclass(${name}), 0)`;
}

/** A connection that looks around in the database. */
export interface Session {
  rows<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

interface LookingOptions extends NamespaceOptions {
  /** Never creates a schema. */
  readonly mustExist: boolean;
}

/**
 * Like `seenBy`, with a new connection, which is returned and still open.
 * @throws DatabaseUnusableError, and errors of the server on connecting
 */
export async function lookAround(
  name: 'events' | 'views',
  target: DatabaseTarget & { kind: 'postgres' },
  options: LookingOptions,
  connection: pg.ClientConfig,
): Promise<{ readonly seen: SeenDatabase; readonly client: pg.Client }> {
  const Client = await postgresClientWith(sessionIn(options.schema));
  const client = new Client(connection);
  await client.connect();
  const session: Session = {
    rows: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await client.query(sql, [...parameters])).rows as Row[],
  };
  try {
    return { seen: await seenBy(session, name, target, options), client };
  } catch (error) {
    await client.end();
    throw error;
  }
}

/**
 * Where the kernel's tables are in a PostgreSQL database, or where to create them. Creates the configured schema if it
 * is missing.
 * @throws DatabaseUnusableError
 */
export async function seenBy(
  session: Session,
  name: 'events' | 'views',
  target: DatabaseTarget & { kind: 'postgres' },
  options: LookingOptions,
): Promise<SeenDatabase> {
  if (options.schema !== undefined) await provideSchema(session, name, target, options.schema, options.mustExist);
  const names =
    options.tablePrefix === undefined
      ? markerTablesOf(name)
      : MARKER_TABLES[name].map((each) => prefixed(each, options));
  const [row] = await session.rows<Found>(FIND, [names, names[0]]);
  const { schema, here, database, version } = refuseUnusable(name, target, row!);
  return { namespace: new Namespace(choosePrefix(name, target, new Set(here), options), schema), database, version };
}

/** Session settings for finding the tables: `settings`, and the configured schema. */
export function sessionIn(schema: string | undefined, settings: readonly string[] = []): SessionSetup {
  return { settings: [...settings, ...(schema === undefined ? [] : [`search_path = "${schema}"`])] };
}

function prefixed(table: string, { tablePrefix }: NamespaceOptions): string {
  return new Namespace(tablePrefix!).nameOf(table);
}

function refuseUnusable(
  name: 'events' | 'views',
  target: DatabaseTarget,
  found: Found,
): Found & { readonly schema: string } {
  const { schema, search_path: path, elsewhere } = found;
  const refused = (why: string): DatabaseUnusableError =>
    new DatabaseUnusableError(name, `${describeTarget(target)} can't be used: ${why}`, { option: 'schema' });
  if (schema === null) {
    throw refused(
      `its search_path (${path}) names no schema that there is and that this role may use. Create one, grant usage on it, ` +
        `or name another with the option schema.`,
    );
  }
  if (found.is_temporary) {
    throw refused(
      `its search_path (${path}) begins with the schema for temporary tables, where all tables would be gone with the connection. ` +
        `Name the schema for the tables with the option schema, or correct the search_path.`,
    );
  }
  if (found.here.length === 0 && elsewhere !== null) {
    throw refused(
      `new tables would be made in the schema "${schema}", which comes first in its search_path (${path}), but there are ` +
        `some in "${elsewhere}". Say which are this application's, with the option schema: '${elsewhere}' or schema: '${schema}'.`,
    );
  }
  return { ...found, schema };
}

async function provideSchema(
  session: Session,
  name: 'events' | 'views',
  target: DatabaseTarget,
  schema: string,
  mustExist: boolean,
): Promise<void> {
  if (await hasSchema(session, schema)) return;
  if (mustExist && name === 'events') throw new NoEventLogError(`${describeTarget(target)}, schema "${schema}"`);
  try {
    await session.rows(`create schema "${schema}"`);
  } catch (error) {
    // Another node may have created it at the same time.
    if (await hasSchema(session, schema)) return;
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new DatabaseUnusableError(
      name,
      `${describeTarget(target)} has no schema "${schema}", and this role may not make one (${(error as Error).message}). ` +
        `Let the owner of the database make it: create schema "${schema}" authorization <role>`,
      { cause: error },
    );
  }
}

async function hasSchema(session: Session, schema: string): Promise<boolean> {
  return (await session.rows('select 1 from pg_namespace where nspname = $1', [schema])).length > 0;
}
