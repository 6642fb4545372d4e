import { stat } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { DatabaseTarget } from './database-url.js';
import { Namespace } from './namespace.js';
import { choosePrefix, type NamespaceOptions, markerTablesOf } from './namespace-choice.js';

/** In ms. */
const TIMEOUT = 5_000;

/**
 * Where the kernel's tables are in a SQLite file, or where to create them.
 * @throws DatabaseUnusableError, and SQLite's error for a file that it can't read
 */
export async function sqliteNamespace(
  name: 'events' | 'views',
  target: DatabaseTarget & { kind: 'sqlite' },
  options: NamespaceOptions,
): Promise<Namespace> {
  // TypeORM creates a file's folder, even on read-only access.
  const given = options.tablePrefix !== undefined || !(await isThere(target.path));
  const existing = given ? new Set<string>() : await tablesIn(target.path, markerTablesOf(name));
  return new Namespace(choosePrefix(name, target, existing, options));
}

async function tablesIn(path: string, names: readonly string[]): Promise<Set<string>> {
  const file = new DataSource({ type: 'better-sqlite3', database: path, readonly: true, timeout: TIMEOUT });
  await file.initialize();
  try {
    const rows = await file.query<{ name: string }[]>(
      `select name from sqlite_schema where type = 'table' and name in (select value from json_each(?))`,
      [JSON.stringify(names)],
    );
    return new Set(rows.map((row) => row.name));
  } finally {
    await file.destroy();
  }
}

/** Whether a file with this path exists. */
export async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
