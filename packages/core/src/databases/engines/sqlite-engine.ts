import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { SetupError } from '../../errors.js';
import { createFolder } from '../create-folder.js';
import type { DatabaseLimits } from '../database-limits.js';
import type { NamespaceOptions } from '../namespace-choice.js';
import { DEFAULT_PREFIX, type Namespace } from '../namespace.js';
import { keepPrivate } from '../private-files.js';
import { isThere, sqliteNamespace } from '../sqlite-namespace.js';
import type { ReplicaServer } from '../replicas/replica-server.js';
import { SqliteWal, WAL_LIMIT } from '../sqlite-wal.js';
import { SqliteWriteDatabase } from '../sqlite-write-database.js';
import type { WriteDatabase } from '../write-database.js';
import type { CommonOptions, Engine, Maintenance, Place } from './engine.js';

/** A writer gives up on a lock at once and retries later, so that the event loop is never blocked. In ms. */
const WRITER_TIMEOUT = 5;
/** In ms. */
const READER_TIMEOUT = 5_000;

/** Opens a SQLite file. */
export class SqliteEngine implements Engine {
  constructor(private readonly path: string) {}

  findNamespace(name: 'events' | 'views', options: NamespaceOptions): Promise<Namespace> {
    return sqliteNamespace(name, { kind: 'sqlite', path: this.path }, options);
  }

  async writeDatabase(common: CommonOptions, { namespace }: Place, limits: DatabaseLimits): Promise<WriteDatabase> {
    const dataSource = new DataSource({
      ...common,
      type: 'better-sqlite3',
      database: this.path,
      timeout: WRITER_TIMEOUT,
      prepareDatabase: (db: SqliteConnection) => {
        rewriteStatements(db, namespace);
        // Two processes that open a new file at the same time both try to switch it to WAL. The second one waits here.
        db.pragma(`busy_timeout = ${READER_TIMEOUT}`);
        db.pragma('journal_mode = WAL');
        db.pragma('synchronous = FULL');
        // What is deleted or changed is overwritten in its page, such as the key of a forgotten person. It costs no further write.
        db.pragma('secure_delete = FAST');
        db.pragma(`journal_size_limit = ${WAL_LIMIT}`);
        db.pragma(`busy_timeout = ${WRITER_TIMEOUT}`);
      },
    });
    return new SqliteWriteDatabase(this.path, dataSource, limits.otherWriter);
  }

  async readDatabase(common: CommonOptions, { namespace }: Place): Promise<DataSource> {
    return new DataSource({
      ...common,
      type: 'better-sqlite3',
      database: this.path,
      readonly: true,
      timeout: READER_TIMEOUT,
      prepareDatabase: (db: SqliteConnection) => rewriteStatements(db, namespace),
    });
  }

  /** A file has one server: this process. */
  watch(): Promise<Error> {
    return new Promise(() => undefined);
  }

  async replica(): Promise<ReplicaServer> {
    throw new SetupError('A SQLite file has no replicas. Keep the read models on PostgreSQL, or name no replicas.');
  }

  /** TypeORM creates a file's folder, even on read-only access. */
  mayExist(): Promise<boolean> {
    return isThere(this.path);
  }

  async create(): Promise<void> {
    await createFolder(dirname(this.path));
    await keepPrivate(this.path);
  }

  async checkConnections(): Promise<void> {}

  async migrate(write: WriteDatabase): Promise<void> {
    await write.transaction(async () => {
      await write.dataSource.runMigrations({ transaction: 'none' });
    });
  }

  async release(): Promise<void> {}

  maintain(write: WriteDatabase, limits: DatabaseLimits): Maintenance {
    return new SqliteWal(this.path, write, limits.walCheck);
  }
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
