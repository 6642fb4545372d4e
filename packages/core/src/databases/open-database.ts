import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DatabaseLimits } from './database-limits.js';
import { DatabaseUnusableError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
import { engineOf } from './engines/engine-of.js';
import type { CommonOptions, Maintenance, Place } from './engines/engine.js';
import { migrate } from './migrate.js';
import { MigrationLog } from './migration-log.js';
import { NamesInNamespace, type Namespace } from './namespace.js';
import type { NamespaceOptions } from './namespace-choice.js';
import { refuseMissingLog } from './refuse-missing-log.js';
import type { RunningNode } from './refuse-to-break.js';
import { briefReadsOn, preparedOn } from './prepare.js';
import type { PreparedStatements } from './prepared-statements.js';
import { CHECKPOINTS, positionsIn } from './replicas/checkpoints.js';
import { Replica } from './replicas/replica.js';
import { Replicas } from './replicas/replicas.js';
import type { Schema } from './schema.js';
import type { WriteDatabase } from './write-database.js';

/** A database of the kernel: one write connection, and separate read-only connections. */
export interface OpenDatabase {
  readonly name: 'events' | 'views';
  readonly target: DatabaseTarget;
  readonly limits: DatabaseLimits;
  /** Where the kernel's tables are in it. @internal */
  readonly namespace: Namespace;
  /** All writes go through this. */
  readonly write: WriteDatabase;
  /** Read-only connections of their own. */
  readonly read: DataSource;
  /** The kernel's own reads, on the same connections as `read`. @internal */
  readonly reads: PreparedStatements;
  /** Those of a few rows; see `briefReadsOn`. @internal */
  readonly briefReads: PreparedStatements;
  /** Read by queries in place of `read`; undefined when there are none. @internal */
  readonly replicas: Replicas | undefined;
  /** Settles when another server has taken over, which this process then refuses. @internal */
  readonly failedOver: Promise<Error>;
  close(): Promise<void>;
}

export interface OpeningOptions extends NamespaceOptions {
  /** The event log must exist already; no database is created. */
  readonly mustExist?: boolean;
  readonly limits?: DatabaseLimits;
  /** A database that is already open. At the same URL, its sessions are used to look around, and its server is known. */
  readonly beside?: OpenDatabase;
  /** Replicas that answer queries. They need not be there at the start. */
  readonly replicas?: readonly DatabaseTarget[];
  /**
   * The nodes that use the databases now, which migrations must not break.
   * @param opened this database, before its migrations
   */
  readonly running?: (opened: WriteDatabase) => Promise<readonly RunningNode[]>;
}

/**
 * Opens a database, migrates it, and opens its read-only side.
 * @throws DatabaseUnusableError, with `mustExist` also NoEventLogError
 */
export async function openDatabase(
  name: 'events' | 'views',
  target: DatabaseTarget,
  schema: Schema,
  {
    mustExist = false,
    limits = new DatabaseLimits(),
    beside,
    replicas: targets = [],
    running = async () => [],
    ...options
  }: OpeningOptions = {},
): Promise<OpenDatabase> {
  const log = new MigrationLog();
  const unusable = (error: unknown): DatabaseUnusableError =>
    DatabaseUnusableError.fromOpening(name, describeTarget(target), error, log.failed);
  const engine = engineOf(target);
  const neighbour = beside && isDeepStrictEqual(beside.target, target) ? beside : undefined;
  const namespace = await engine.findNamespace(name, options, mustExist, neighbour?.read).catch((error: unknown) => {
    throw unusable(error);
  });
  const failedOver = engine.watch(name);
  const place = { namespace, schema: options.schema };
  const tables = { entities: [...schema.entities], namingStrategy: new NamesInNamespace(namespace) };
  const migrations: CommonOptions = {
    migrations: [...schema.migrations],
    migrationsTableName: namespace.nameOf(`leftfold_migrations_${name}`),
    synchronize: false,
    logging: false,
    logger: log,
  };
  const dataSources = async (): Promise<readonly [WriteDatabase, DataSource]> => [
    await engine.writeDatabase({ ...tables, ...migrations }, place, limits),
    await engine.readDatabase(tables, place, limits),
  ];
  const [write, read] = await dataSources().catch(async (error: unknown) => {
    await engine.release();
    throw error;
  });
  let maintenance: Maintenance | undefined;
  let replicas: Replicas | undefined;
  const close = async (): Promise<void> => {
    await maintenance?.stop();
    await replicas?.close();
    await engine.release();
    if (read.isInitialized) await read.destroy();
    await write.close();
  };
  try {
    if (mustExist) await refuseMissingLog(engine, describeTarget(target), read);
    else await engine.create();
    await write.dataSource.initialize();
    if (!neighbour) await engine.checkConnections(write.dataSource, read);
    await migrate(engine, write, name, () => running(write));
    // It may have failed at first.
    log.failed = undefined;
    if (!read.isInitialized) await read.initialize();
    replicas = await openReplicas(targets, place, limits, read);
    replicas?.serve(read);
    maintenance = engine.maintain(write, limits);
  } catch (error) {
    await close();
    throw unusable(error);
  }
  const [reads, briefReads] = [preparedOn(read), briefReadsOn(read)];
  return { name, target, limits, namespace, write, read, reads, briefReads, replicas, failedOver, close };
}

async function openReplicas(
  targets: readonly DatabaseTarget[],
  place: Place,
  limits: DatabaseLimits,
  primary: DataSource,
): Promise<Replicas | undefined> {
  if (targets.length === 0) return undefined;
  const logger = new Logger('replicas');
  const positions = async () => positionsIn(await primary.query<{ name: string; position: string }[]>(CHECKPOINTS));
  const replicas = targets.map(
    async (target) =>
      new Replica(describeTarget(target), await engineOf(target).replica(place, limits), limits, logger, positions),
  );
  return new Replicas(await Promise.all(replicas));
}
