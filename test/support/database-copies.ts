import { copyFile, rm } from 'node:fs/promises';
import type { TestDatabase } from './databases.js';
import { closeConnectionsTo, connectionsTo } from './side-connections.js';

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
    await closeConnectionsTo(url);
    for (const statement of statements) await connectionsTo(server.href).query(statement);
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
