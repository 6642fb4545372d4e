import { join } from 'node:path';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Target } from '../contract.js';
import { accountId } from '../workloads/dataset.js';
import { OrderRow, ROWS_SCHEMA, UserRow } from './rows.js';

export const ENTITIES = [UserRow, OrderRow];

/** As durable as Leftfold's. */
export function databaseOf({ engine, folder, url }: Target): DataSourceOptions {
  if (engine === 'postgres') return { type: 'postgres', url, entities: ENTITIES };
  return {
    type: 'better-sqlite3',
    database: join(folder, 'crud.sqlite'),
    enableWAL: true,
    prepareDatabase: (database: { pragma: (text: string) => void }) => database.pragma('synchronous = FULL'),
    entities: ENTITIES,
  };
}

/** Makes the tables, and that many users in them. */
export async function fillRows(database: DataSource, users: number): Promise<readonly UserRow[]> {
  for (const statement of ROWS_SCHEMA) await database.query(statement);
  const people = Array.from({ length: users }, (_, index) => userRow(index));
  await database.getRepository(UserRow).insert(people);
  return people;
}

function userRow(index: number): UserRow {
  return {
    userId: accountId(index),
    username: `User ${index}`,
    usernameKey: `user ${index}`,
    email: `user${index}@example.com`,
    roles: ['customer'],
    registeredAt: new Date().toISOString(),
    lastLoginTime: null,
    version: 1,
  };
}
