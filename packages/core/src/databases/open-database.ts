import { dirname } from 'node:path';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { createFolder } from './create-folder.js';
import { keepPrivate } from './private-files.js';
import { DatabaseLimits } from './database-limits.js';
import { DatabaseUnusableError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
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

export interface OpeningOptions {
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
  { mustExist = false, limits = new DatabaseLimits() }: OpeningOptions = {},
): Promise<OpenDatabase> {
  const write = await writeDatabase(name, target, schema, limits);
  const read = new DataSource(await readOptions(target, schema));
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
  return { name, target, limits, write, read, close };
}

async function writeDatabase(
  name: 'events' | 'views',
  target: DatabaseTarget,
  schema: Schema,
  limits: DatabaseLimits,
): Promise<WriteDatabase> {
  const common = {
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    migrationsTableName: `migrations_${name}`,
    synchronize: false,
    logging: false as const,
  };
  if (target.kind === 'postgres')
    return new PostgresWriteDatabase(
      new DataSource({
        ...(await postgres(target.url, `idle_in_transaction_session_timeout = ${limits.idleTransaction}`)),
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
): Promise<ConstructorParameters<typeof DataSource>[0]> {
  const entities = [...schema.entities];
  if (target.kind === 'sqlite') {
    return { type: 'better-sqlite3', database: target.path, readonly: true, timeout: SQLITE_READER_TIMEOUT, entities };
  }
  return { ...(await postgres(target.url, 'default_transaction_read_only = on')), entities };
}

/** @param setting of each connection; nothing in the URL undoes it */
async function postgres(url: string, setting: string) {
  return {
    type: 'postgres',
    url,
    applicationName: 'leftfold',
    connectTimeoutMS: CONNECT_TIMEOUT,
    // A connection that the server closes while it idles in the pool is replaced by the pool itself.
    poolErrorHandler: () => undefined,
    extra: { keepAlive: true, Client: await steadyClientWith(setting) },
  } as const;
}

interface SqliteConnection {
  pragma(statement: string): unknown;
}
