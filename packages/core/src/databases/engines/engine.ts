import type { DataSource } from 'typeorm';
import type { DatabaseLimits } from '../database-limits.js';
import type { NamespaceOptions } from '../namespace-choice.js';
import type { ReplicaServer } from '../replicas/replica-server.js';
import type { Namespace } from '../namespace.js';
import type { WriteDatabase } from '../write-database.js';

/** Options of a DataSource that don't depend on the kind of database. */
export type CommonOptions = Pick<
  ConstructorParameters<typeof DataSource>[0],
  'entities' | 'migrations' | 'migrationsTableName' | 'namingStrategy' | 'synchronize' | 'logging' | 'logger'
>;

/** Where the tables are, and the schema that the application configured. */
export interface Place {
  readonly namespace: Namespace;
  readonly schema: string | undefined;
}

/** Background work on an open database. */
export interface Maintenance {
  stop(): Promise<void>;
}

/** The steps of opening a database that depend on its kind. `openDatabase` takes them in this order. */
export interface Engine {
  /**
   * Where the kernel's tables are, or where to make them.
   * @param mustExist nothing is made
   * @param open connections to the same database that are open already
   * @throws DatabaseUnusableError, and errors of the database
   */
  findNamespace(
    name: 'events' | 'views',
    options: NamespaceOptions,
    mustExist: boolean,
    open?: DataSource,
  ): Promise<Namespace>;

  /**
   * From now on, connections for writing and reading are checked: when another server takes over, they are refused with
   * a FailedOverError, and the returned promise settles with it.
   */
  watch(name: 'events' | 'views'): Promise<Error>;

  /** The write connection; not connected yet. */
  writeDatabase(common: CommonOptions, place: Place, limits: DatabaseLimits): Promise<WriteDatabase>;

  /** Read-only connections; not connected yet. */
  readDatabase(common: CommonOptions, place: Place, limits: DatabaseLimits): Promise<DataSource>;

  /**
   * A streaming replica at this engine's address; not connected yet.
   * @throws SetupError when this kind of database has none
   */
  replica(place: Place, limits: DatabaseLimits): Promise<ReplicaServer>;

  /** Whether there may be a database. Asked before the first connection, which could make one. */
  mayExist(): Promise<boolean>;

  /** Makes a new database, before the first write connection. */
  create(): Promise<void>;

  /**
   * May open the connections for reading.
   * @throws SharedSessionsError when the connections can't be used
   */
  checkConnections(write: DataSource, read: DataSource): Promise<void>;

  /**
   * Runs pending migrations, one process at a time.
   * @throws DatabaseUnusableError when this role may not
   */
  migrate(write: WriteDatabase, name: 'events' | 'views', pending: number): Promise<void>;

  /** Closes what was opened for a later step that was not reached. */
  release(): Promise<void>;

  maintain(write: WriteDatabase, limits: DatabaseLimits): Maintenance | undefined;
}
