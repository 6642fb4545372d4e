import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v4 as uuidv4 } from 'uuid';
import type { WriteDatabase } from '../databases/write-database.js';

export interface LogIdentity {
  readonly logId: string;
  /** Key for the HMAC of tags. */
  readonly tagKey: Buffer;
}

/** Reads the log's identity, or creates it in a new log. Nodes that start together get the same one. */
export function establishIdentity(database: WriteDatabase): Promise<LogIdentity> {
  return database.transaction(async (manager) => {
    const lock = database.dialect.lockTable('leftfold_event_log');
    if (lock !== undefined) await manager.query(lock);
    return (await readIdentity(manager)) ?? (await makeIdentity(manager));
  });
}

async function readIdentity(manager: EntityManager): Promise<LogIdentity | undefined> {
  const rows = (await manager.query('select log_id, tag_key from leftfold_event_log')) as {
    log_id: string;
    tag_key: string;
  }[];
  return rows[0] && { logId: rows[0].log_id, tagKey: Buffer.from(rows[0].tag_key, 'base64url') };
}

async function makeIdentity(manager: EntityManager): Promise<LogIdentity> {
  const identity = { logId: uuidv4(), tagKey: randomBytes(32) };
  await manager.query(
    `insert into leftfold_event_log (log_id, tag_key, created_at)
     values ('${identity.logId}', '${identity.tagKey.toString('base64url')}', ${Date.now()})`,
  );
  return identity;
}
