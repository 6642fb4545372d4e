import { DataSource } from 'typeorm';
import type { DatabaseLimits } from './database-limits.js';
import type { DatabaseTarget } from './database-url.js';
import { DEFAULT_PREFIX, NamesInNamespace, type Namespace } from './namespace.js';
import type { Schema } from './schema.js';
import { sessionIn } from './postgres-namespace.js';
import { WAL_LIMIT } from './sqlite-wal.js';
import { SqliteWriteDatabase } from './sqlite-write-database.js';
import { steadyClientWith } from './steady-client.js';
import { PostgresWriteDatabase, type WriteDatabase } from './write-database.js';

/** A SQLite writer gives up on a lock at once and retries later, so that the event loop is never blocked. */
const SQLITE_WRITER_TIMEOUT = 5;
const SQLITE_READER_TIMEOUT = 5_000;
/** In ms. */
export const CONNECT_TIMEOUT = 5_000;

/** Where the tables are, and the schema that the application configured. */
export interface Place {
  readonly namespace: Namespace;
  readonly schema: string | undefined;
}

/** The write connection; not connected yet. */
export async function writeDatabase(
  name: 'events' | 'views',
  target: DatabaseTarget,
  schema: Schema,
  limits: DatabaseLimits,
  place: Place,
): Promise<WriteDatabase> {
  const { namespace } = place;
  const common = {
    namingStrategy: new NamesInNamespace(namespace),
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    migrationsTableName: namespace.nameOf(`leftfold_migrations_${name}`),
    synchronize: false,
    logging: false as const,
  };
  if (target.kind === 'postgres')
    return new PostgresWriteDatabase(
      new DataSource({
        ...(await postgres(target.url, place, `idle_in_transaction_session_timeout = ${limits.idleTransaction}`)),
        ...common,
      }),
    );
  return new SqliteWriteDatabase(
    new DataSource({
      ...common,
      type: 'better-sqlite3',
      database: target.path,
      timeout: SQLITE_WRITER_TIMEOUT,
      prepareDatabase: (db: SqliteConnection) => {
        rewriteStatements(db, namespace);
        // Two processes that open a new file at the same time both try to switch it to WAL. The second one waits here.
        db.pragma(`busy_timeout = ${SQLITE_READER_TIMEOUT}`);
        db.pragma('journal_mode = WAL');
        db.pragma('synchronous = FULL');
        db.pragma(`journal_size_limit = ${WAL_LIMIT}`);
        db.pragma(`busy_timeout = ${SQLITE_WRITER_TIMEOUT}`);
      },
    }),
    limits.otherWriter,
  );
}

/** Options of read-only connections. */
export async function readOptions(
  target: DatabaseTarget,
  schema: Schema,
  place: Place,
): Promise<ConstructorParameters<typeof DataSource>[0]> {
  const { namespace } = place;
  const common = { entities: [...schema.entities], namingStrategy: new NamesInNamespace(namespace) };
  if (target.kind === 'postgres')
    return { ...(await postgres(target.url, place, 'default_transaction_read_only = on')), ...common };
  return {
    ...common,
    type: 'better-sqlite3',
    database: target.path,
    readonly: true,
    timeout: SQLITE_READER_TIMEOUT,
    prepareDatabase: (db: SqliteConnection) => rewriteStatements(db, namespace),
  };
}

/** @param setting session setting of each connection; the URL can't override it */
async function postgres(url: string, { namespace, schema }: Place, setting: string) {
  const inPlace = (sql: string): string => namespace.inPlace(sql);
  const Client = await steadyClientWith({
    ...sessionIn(schema, setting),
    ...(namespace.prefix === DEFAULT_PREFIX ? {} : { inPlace }),
  });
  return {
    type: 'postgres',
    url,
    applicationName: 'leftfold',
    connectTimeoutMS: CONNECT_TIMEOUT,
    // The pool itself replaces a connection that the server closed while it was idle.
    poolErrorHandler: () => undefined,
    extra: { keepAlive: true, Client },
  } as const;
}

interface SqliteConnection {
  pragma(statement: string): unknown;
  prepare(sql: string): unknown;
}

function rewriteStatements(db: SqliteConnection, namespace: Namespace): void {
  if (namespace.prefix === DEFAULT_PREFIX) return;
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => prepare(namespace.inPlace(sql));
}
