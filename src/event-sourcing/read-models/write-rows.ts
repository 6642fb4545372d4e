import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { numbered } from '../databases/placeholders.js';

/** Few sizes, so that databases see few different statements. */
const CHUNKS = [128, 16, 1];

/** Inserts rows, or replaces those of the same primary key, in multi-row statements. */
export async function upsertRows(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly ObjectLiteral[],
): Promise<void> {
  const { driver } = manager.dataSource;
  const names = metadata.columns.map((column) => driver.escape(column.databaseName));
  const keys = metadata.primaryColumns.map((column) => driver.escape(column.databaseName));
  const changes = names.filter((name) => !keys.includes(name)).map((name) => `${name} = excluded.${name}`);
  const onConflict = `on conflict (${keys.join(', ')}) do ${changes.length ? `update set ${changes.join(', ')}` : 'nothing'}`;
  const into = `insert into ${driver.escape(metadata.tableName)} (${names.join(', ')}) values`;
  const tuple = `(${names.map(() => '?').join(', ')})`;
  await inChunks(rows, async (chunk) => {
    const values = chunk.flatMap((row) =>
      metadata.columns.map(
        (column) => driver.preparePersistentValue(column.getEntityValue(row) ?? null, column) as unknown,
      ),
    );
    await run(manager, `${into} ${chunk.map(() => tuple).join(', ')} ${onConflict}`, values);
  });
}

/** Deletes the rows of these primary keys. */
export async function deleteRows(
  manager: EntityManager,
  metadata: EntityMetadata,
  keys: readonly ObjectLiteral[],
): Promise<void> {
  const { driver } = manager.dataSource;
  const one = metadata.primaryColumns.map((column) => `${driver.escape(column.databaseName)} = ?`).join(' and ');
  await inChunks(keys, async (chunk) => {
    const values = chunk.flatMap((key) => metadata.primaryColumns.map((column) => key[column.propertyName] as unknown));
    const where = chunk.map(() => `(${one})`).join(' or ');
    await run(manager, `delete from ${driver.escape(metadata.tableName)} where ${where}`, values);
  });
}

async function inChunks<T>(items: readonly T[], write: (chunk: readonly T[]) => Promise<void>): Promise<void> {
  let start = 0;
  for (const size of CHUNKS) {
    for (; start + size <= items.length; start += size) await write(items.slice(start, start + size));
  }
}

async function run(manager: EntityManager, sql: string, parameters: unknown[]): Promise<void> {
  await manager.query(manager.dataSource.options.type === 'postgres' ? numbered(sql) : sql, parameters);
}
