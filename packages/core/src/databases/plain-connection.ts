import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { createFolder } from './create-folder.js';
import { type DatabaseTarget, fileOf, serverUrlOf } from './database-url.js';
import { keepPrivate } from './private-files.js';
import { isThere } from './sqlite-namespace.js';

/** Runs work on a connection of its own, without migrations. A SQLite file is made if there is none. */
export async function onPlainConnection<T>(
  target: DatabaseTarget,
  work: (connection: DataSource) => Promise<T>,
): Promise<T> {
  const path = fileOf(target);
  if (path !== undefined && !(await isThere(path))) {
    await createFolder(dirname(path));
    await keepPrivate(path);
  }
  const connection = new DataSource(
    path === undefined ? { type: 'postgres', url: serverUrlOf(target)! } : { type: 'better-sqlite3', database: path },
  );
  await connection.initialize();
  try {
    return await work(connection);
  } finally {
    await connection.destroy();
  }
}
