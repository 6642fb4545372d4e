import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { Logger } from '@nestjs/common';
import { type DataSource, MigrationExecutor, QueryFailedError } from 'typeorm';
import type { DatabaseLimits } from '../database-limits.js';
import type { NamespaceOptions } from '../namespace-choice.js';
import { DEFAULT_PREFIX, type Namespace, namespaceOf } from '../namespace.js';
import { postgresDataSource } from '../postgres-data-source.js';
import { lookAround, seenBy, type SeenDatabase, type Session, sessionIn } from '../postgres-namespace.js';
import { patientPool } from '../patient-pool.js';
import { refuseReader } from '../refuse-reader.js';
import { refuseSharedSessions } from '../refuse-shared-sessions.js';
import { loadDriver, postgresClientWith, type SessionSetup, startingWith } from '../postgres-client.js';
import { PostgresReplica } from '../replicas/postgres-replica.js';
import type { ReplicaServer } from '../replicas/replica-server.js';
import { Timeline } from '../timeline.js';
import { PostgresWriteDatabase, type WriteDatabase } from '../write-database.js';
import type { CommonOptions, Engine, Maintenance, Place } from './engine.js';

/** In ms. */
const CONNECT_TIMEOUT = 5_000;
const APPLICATION_NAME = 'leftfold';
const READ_ONLY = 'default_transaction_read_only = on';
/** How long a migration waits for a lock before it lets the nodes go on that wait behind it, in ms. */
const MIGRATION_LOCK_TIMEOUT = 1_000;
/** Between two attempts at the migrations, in ms. */
const MIGRATION_PAUSE = { first: 250, longest: 8_000 } as const;
/** How long they are tried, in ms. */
const MIGRATION_PATIENCE = 10 * 60_000;

const logger = new Logger('migrations');

/** Opens a database on a PostgreSQL server. */
export class PostgresEngine implements Engine {
  /** The connection that found the namespace, until the pool for writing takes it over. */
  private open: pg.Client | undefined;
  private seen: SeenDatabase | undefined;

  /** Of the pools for writing and for reading. */
  private timeline: Timeline | undefined;

  constructor(private readonly url: string) {}

  watch(name: 'events' | 'views'): Promise<Error> {
    this.timeline ??= new Timeline(name);
    return this.timeline.failedOver;
  }

  async findNamespace(
    name: 'events' | 'views',
    options: NamespaceOptions,
    mustExist: boolean,
    open?: DataSource,
  ): Promise<Namespace> {
    const target = { kind: 'postgres', url: this.url } as const;
    if (open) {
      this.seen = await seenBy(sessionOf(open), name, target, { ...options, mustExist });
      return this.seen.namespace;
    }
    const { seen, client } = await lookAround(
      name,
      target,
      { ...options, mustExist },
      {
        connectionString: this.url,
        connectionTimeoutMillis: CONNECT_TIMEOUT,
        application_name: APPLICATION_NAME,
        keepAlive: true,
      },
    );
    this.open = client;
    this.seen = seen;
    return seen.namespace;
  }

  async writeDatabase(common: CommonOptions, place: Place, limits: DatabaseLimits): Promise<WriteDatabase> {
    const settings = [
      `idle_in_transaction_session_timeout = ${limits.idleTransaction}`,
      `default_transaction_isolation = 'read committed'`,
    ];
    const connection = await this.connection(place, limits, settings, () => this.takeOpen());
    return new PostgresWriteDatabase(postgresDataSource({ ...common, ...connection }, this.seen));
  }

  async readDatabase(common: CommonOptions, place: Place, limits: DatabaseLimits): Promise<DataSource> {
    return postgresDataSource({ ...common, ...(await this.connection(place, limits, [READ_ONLY])) }, this.seen);
  }

  async replica({ schema, namespace }: Place, { connections }: DatabaseLimits): Promise<ReplicaServer> {
    const Client = await postgresClientWith(setUpIn({ schema, namespace }, [READ_ONLY]));
    const { Pool } = await loadDriver();
    const config = {
      connectionString: this.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      application_name: APPLICATION_NAME,
      keepAlive: true,
    };
    return new PostgresReplica(Client, (more) => new Pool({ ...config, ...more, max: connections, Client }), config);
  }

  async mayExist(): Promise<boolean> {
    return true;
  }

  async create(): Promise<void> {}

  /** With a connection of each pool that is needed anyway: the server starts a process for each session. */
  async checkConnections(write: DataSource, read: DataSource): Promise<void> {
    if (!read.isInitialized) await read.initialize();
    await refuseSharedSessions(write, read);
  }

  async migrate({ dataSource }: WriteDatabase, name: 'events' | 'views', pending: number): Promise<void> {
    const { migrationLock } = namespaceOf(dataSource);
    const lock = dataSource.createQueryRunner();
    try {
      await refuseReader(lock, name, pending);
      await lock.query('select pg_advisory_lock($1)', [migrationLock]);
      await runMigrations(dataSource);
      await lock.query('select pg_advisory_unlock($1)', [migrationLock]);
    } finally {
      await lock.release();
    }
  }

  async release(): Promise<void> {
    await this.takeOpen()?.end();
  }

  private takeOpen(): pg.Client | undefined {
    const { open } = this;
    this.open = undefined;
    return open;
  }

  maintain(): Maintenance | undefined {
    return undefined;
  }

  /**
   * @param settings session settings of each connection; the URL can't override them
   * @param takeOpen returns a connection that is open already, once
   */
  private async connection(
    place: Place,
    { connections }: DatabaseLimits,
    settings: readonly string[],
    takeOpen?: () => pg.Client | undefined,
  ) {
    const { timeline } = this;
    const setUp = {
      ...setUpIn(place, settings),
      ...(timeline && { check: (client: pg.Client) => timeline.check(client) }),
    };
    const Client = await postgresClientWith(setUp);
    const driver = await loadDriver();
    return {
      type: 'postgres',
      driver: { Pool: patientPool(driver.Pool), types: driver.types, defaults: driver.defaults },
      url: this.url,
      applicationName: APPLICATION_NAME,
      connectTimeoutMS: CONNECT_TIMEOUT,
      // The pool itself replaces a connection that the server closed while it was idle.
      poolErrorHandler: () => undefined,
      poolSize: connections,
      extra: { keepAlive: true, Client: takeOpen ? startingWith(takeOpen, setUp, Client) : Client },
    } as const;
  }
}

/**
 * Runs the pending migrations in one transaction, which locks tables that others are using. Nodes lock them in another order, so the
 * server may have to end one of the transactions. And behind a migration that waits for a long transaction, such as a backup, every
 * statement on that table waits. In both cases it is rolled back, and tried again later.
 */
async function runMigrations(dataSource: DataSource): Promise<void> {
  const deadline = Date.now() + MIGRATION_PATIENCE;
  for (let pause: number = MIGRATION_PAUSE.first; ; pause = Math.min(2 * pause, MIGRATION_PAUSE.longest)) {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query(`set lock_timeout = ${MIGRATION_LOCK_TIMEOUT}`);
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'all';
      await executor.executePendingMigrations();
      return;
    } catch (error) {
      if (!isLocked(error) || Date.now() + pause > deadline) throw error;
      if (pause === MIGRATION_PAUSE.first) logger.warn('Migrations wait for a table that is in use; trying again.');
    } finally {
      // If the connection is lost, so is its setting.
      await runner.query('reset lock_timeout').catch(() => undefined);
      await runner.release();
    }
    await delay(pause * (0.5 + Math.random() / 2));
  }
}

/** Whether the server ended the transaction because of a lock: a deadlock, or the lock timeout. */
function isLocked(error: unknown): boolean {
  const { code } = error instanceof QueryFailedError ? (error.driverError as { code?: unknown }) : {};
  return code === '40P01' || code === '55P03';
}

function setUpIn({ namespace, schema }: Place, settings: readonly string[]): SessionSetup {
  const inPlace = (sql: string): string => namespace.inPlace(sql);
  return { ...sessionIn(schema, settings), ...(namespace.prefix === DEFAULT_PREFIX ? {} : { inPlace }) };
}

/** Its sessions have the configured schema in their search path, as a new one would. */
function sessionOf(open: DataSource): Session {
  return { rows: (sql, parameters = []) => open.query(sql, [...parameters]) };
}
