import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { createFolder } from './create-folder.js';
import { CONNECT_TIMEOUT, readOptions, writeDatabase } from './data-sources.js';
import { keepPrivate } from './private-files.js';
import { DatabaseLimits } from './database-limits.js';
import { DatabaseUnusableError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
import type { Namespace } from './namespace.js';
import type { NamespaceOptions } from './namespace-choice.js';
import { postgresNamespace } from './postgres-namespace.js';
import { sqliteNamespace } from './sqlite-namespace.js';
import { migrate } from './migrate.js';
import { refuseMissingLog } from './refuse-missing-log.js';
import { refuseSharedSessions } from './refuse-shared-sessions.js';
import type { Schema } from './schema.js';
import { SqliteWal } from './sqlite-wal.js';
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
  close(): Promise<void>;
}

export interface OpeningOptions extends NamespaceOptions {
  /** The event log must exist already; no database is created. */
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
