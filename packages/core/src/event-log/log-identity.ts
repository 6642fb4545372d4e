import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v4 as uuidv4 } from 'uuid';
import type { WriteDatabase } from '../databases/write-database.js';

export interface LogIdentity {
  readonly logId: string;
  /** Key for the HMAC of tags. */
  readonly tagKey: Buffer;
}

interface IdentityRow {
  readonly log_id: string;
  readonly tag_key: string;
}

const IDENTITY = 'select log_id, tag_key from leftfold_event_log';

/** Reads the log's identity, or creates it in a new log. Nodes that start together get the same one. */
export async function establishIdentity(database: WriteDatabase): Promise<LogIdentity> {
  // It never changes, so only a new log is locked.
  const { rows } = await database.statement<IdentityRow>(IDENTITY, []);
  if (rows[0]) return identityIn(rows[0]);
  return database.transaction(async (manager) => {
    const lock = database.dialect.lockTable('leftfold_event_log');
    if (lock !== undefined) await manager.query(lock);
    const [row] = await manager.query<IdentityRow[]>(IDENTITY);
    return row ? identityIn(row) : makeIdentity(manager);
  });
}

function identityIn({ log_id: logId, tag_key: tagKey }: IdentityRow): LogIdentity {
  return { logId, tagKey: Buffer.from(tagKey, 'base64url') };
}

async function makeIdentity(manager: EntityManager): Promise<LogIdentity> {
  const identity = { logId: uuidv4(), tagKey: randomBytes(32) };
  await manager.query(
    `insert into leftfold_event_log (log_id, tag_key, created_at)
     values ('${identity.logId}', '${identity.tagKey.toString('base64url')}', ${Date.now()})`,
  );
  return identity;
}
