import type { DataSource } from 'typeorm';
import { type DatabaseTarget, describeTarget } from '../../databases/database-url.js';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { select } from '../../databases/execute.js';
import { onPlainConnection } from '../../databases/plain-connection.js';
import type { ReadModelSubscription } from '../../read-models/read-model-subscription.js';
import { CopyRefusedError } from './copy.errors.js';

/** Says which read model a database is a copy of. No database that an application uses has it. */
const MARKER = 'leftfold_copy';

/**
 * Marks an empty database as a copy of a read model, before anything else is made in it.
 * @throws CopyRefusedError when it has something else in it, or can't be opened
 */
export async function markCopy(target: DatabaseTarget, name: string): Promise<void> {
  try {
    await onPlainConnection(target, (connection) => mark(connection, target, name));
  } catch (error) {
    if (error instanceof CopyRefusedError) throw error;
    throw new CopyRefusedError(`${describeTarget(target)} can't be opened: ${(error as Error).message}`);
  }
}

/** @throws CopyRefusedError when the database was not marked as a copy of the read model */
export async function refuseUnmarked(views: DataSource, name: string): Promise<void> {
  const copied = await copiedIn(views);
  if (copied !== name) throw new CopyRefusedError('The database is no copy of this read model. Give an empty one.');
}

/**
 * Another version of the program has begun the copy, or a migration has changed its table since. What is filled from here on
 * would not fit the rows that are there.
 * @throws CopyRefusedError
 */
export async function refuseOtherVersion(
  views: DataSource,
  { name, version, types }: ReadModelSubscription,
): Promise<void> {
  const [row] = await select<{ version: number; types: string | null; rebuild: string | null }>(
    views,
    'select version, types, rebuild from leftfold_read_models where name = ?',
    [name],
  );
  if (row && row.version === version && row.types === JSON.stringify(types) && row.rebuild === null) return;
  throw new CopyRefusedError(
    `The rows of the copy are of another version of ${name} than this program has. Give an empty database.`,
  );
}

async function mark(connection: DataSource, target: DatabaseTarget, name: string): Promise<void> {
  const tables = await select<{ name: string }>(connection, dialectOf(connection).tables, []);
  const copied = await copiedIn(connection);
  if (copied === name) return;
  if (copied !== undefined) {
    throw new CopyRefusedError(`${describeTarget(target)} is a copy of ${copied}. Give an empty database.`);
  }
  if (tables.length > 0) {
    throw new CopyRefusedError(
      `${describeTarget(target)} has tables in it, such as ${tables[0]!.name}. Give a new file, or an empty database.`,
    );
  }
  await connection.transaction(async ({ queryRunner }) => {
    await queryRunner!.query(`create table ${MARKER} (read_model text not null)`);
    const insert = dialectOf(connection).withPlaceholders(`insert into ${MARKER} (read_model) values (?)`);
    await queryRunner!.query(insert, [name]);
  });
}

async function copiedIn(connection: DataSource): Promise<string | undefined> {
  const tables = await select<{ name: string }>(connection, dialectOf(connection).tables, []);
  if (!tables.some((table) => table.name === MARKER)) return undefined;
  const [row] = await select<{ read_model: string }>(connection, `select read_model from ${MARKER}`, []);
  return row?.read_model;
}
