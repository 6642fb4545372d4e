import { copyFile, rm } from 'node:fs/promises';
import pg from 'pg';
import type { TestDatabase } from './databases.js';

export interface DatabaseCopy {
  /** Puts the event log back to the state that it was copied in. Once; nobody may be connected. */
  restore(): Promise<void>;
}

/** Copies the event log's database, as a backup does. Nobody may be connected. */
export function copyLog(database: TestDatabase): Promise<DatabaseCopy> {
  return database.kind === 'sqlite' ? copySqlite(database.url.slice('sqlite:'.length)) : copyPostgres(database.url);
}

async function copySqlite(file: string): Promise<DatabaseCopy> {
  await copyFile(file, `${file}.copy`);
  return {
    restore: async () => {
      for (const each of [file, `${file}-wal`, `${file}-shm`]) await rm(each, { force: true });
      await copyFile(`${file}.copy`, file);
    },
  };
}

async function copyPostgres(url: string): Promise<DatabaseCopy> {
  const name = new URL(url).pathname.slice(1);
  const administer = async (...statements: string[]): Promise<void> => {
    const server = new URL(url);
    server.pathname = '/postgres';
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await administer(`create database "${name}_copy" template "${name}"`);
  return {
    restore: () =>
      administer(
        `drop database "${name}" with (force)`,
        `create database "${name}" template "${name}_copy"`,
        `drop database "${name}_copy"`,
      ),
  };
}
