import { dirname } from 'node:path';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { createFolder } from './create-folder.js';
import { keepPrivate } from './private-files.js';
import { DatabaseLimits } from './database-limits.js';
import { DatabaseUnusableError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
import { DEFAULT_PREFIX, NamesInNamespace, type Namespace } from './namespace.js';
import type { NamespaceOptions } from './namespace-choice.js';
import { postgresNamespace, sessionIn } from './postgres-namespace.js';
import { sqliteNamespace } from './sqlite-namespace.js';
import { migrate } from './migrate.js';
import { refuseMissingLog } from './refuse-missing-log.js';
import { refuseSharedSessions } from './refuse-shared-sessions.js';
import { SqliteWal, WAL_LIMIT } from './sqlite-wal.js';
import { SqliteWriteDatabase } from './sqlite-write-database.js';
import { steadyClientWith } from './steady-client.js';
import { PostgresWriteDatabase, type WriteDatabase } from './write-database.js';

/** An entity of TypeORM. */
export type EntityClass = Function | EntitySchema;
/** A migration of TypeORM. */
export type MigrationClass = new () => MigrationInterface;

export interface Schema {
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly MigrationClass[];
}

/** A database of the kernel: one way in for writes, and read-only connections. */
export interface OpenDatabase {
  readonly name: 'events' | 'views';
  readonly target: DatabaseTarget;
  readonly limits: DatabaseLimits;
  /** Where the kernel's tables are in it. */
  readonly namespace: Namespace;
  /** The one way in for writes. */
  readonly write: WriteDatabase;
  /** Read-only connections of their own. */
  readonly read: DataSource;
  close(): Promise<void>;
}

/** A SQLite writer gives up on a lock at once and tries again later, so that the event loop is never blocked. */
const SQLITE_WRITER_TIMEOUT = 5;
const SQLITE_READER_TIMEOUT = 5_000;
const CONNECT_TIMEOUT = 5_000;

export interface OpeningOptions extends NamespaceOptions {
  /** The event log must be there already: no database is made for it. */
  readonly mustExist?: boolean;
  readonly limits?: DatabaseLimits;
}

/**
 * Opens a database, migrates it, and opens its read-only side.
 * @throws DatabaseUnusableError, with `mustExist` also NoEventLogError
 */
export async function openDatabase(
  name: 'events' | 'views',
  target: DatabaseTarget,
  schema: Schema,
  { mustExist = false, limits = new DatabaseLimits(), ...place }: OpeningOptions = {},
): Promise<OpenDatabase> {
  const namespace = await findNamespace(name, target, place, mustExist);
  const write = await writeDatabase(name, target, schema, limits, { namespace, schema: place.schema });
  const read = new DataSource(await readOptions(target, schema, { namespace, schema: place.schema }));
  let wal: SqliteWal | undefined;
  const close = async (): Promise<void> => {
    await wal?.stop();
    if (read.isInitialized) await read.destroy();
    await write.close();
  };
  try {
    if (mustExist) await refuseMissingLog(target, read);
    else if (target.kind === 'sqlite') {
      await createFolder(dirname(target.path));
      await keepPrivate(target.path);
    }
    await write.dataSource.initialize();
    if (target.kind === 'postgres') await refuseSharedSessions(write.dataSource);
    await migrate(write, name);
    if (!read.isInitialized) await read.initialize();
    if (target.kind === 'sqlite') wal = new SqliteWal(target.path, write, limits.walLook);
  } catch (error) {
    await close();
    throw DatabaseUnusableError.fromOpening(name, describeTarget(target), error);
  }
  return { name, target, limits, namespace, write, read, close };
}

async function findNamespace(
  name: 'events' | 'views',
  target: DatabaseTarget,
  place: NamespaceOptions,
  mustExist: boolean,
): Promise<Namespace> {
  try {
    return target.kind === 'sqlite'
      ? await sqliteNamespace(name, target, place)
      : await postgresNamespace(name, target, { ...place, mustExist, connectTimeout: CONNECT_TIMEOUT });
  } catch (error) {
    throw DatabaseUnusableError.fromOpening(name, describeTarget(target), error);
  }
}

async function writeDatabase(
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
        // Two processes that open a new file together both want to switch it to WAL: the one waits here for the other.
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

async function readOptions(
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

/** @param setting of each connection; nothing in the URL undoes it */
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
    // A connection that the server closes while it idles in the pool is replaced by the pool itself.
    poolErrorHandler: () => undefined,
    extra: { keepAlive: true, Client },
  } as const;
}

/** Where the tables are, and the schema that the application has named for them. */
interface Place {
  readonly namespace: Namespace;
  readonly schema: string | undefined;
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
