import type { OpenDatabase } from '../databases/open-database.js';
import { establishIdentity } from './log-identity.js';
import { PostgresEventLog } from './postgres/postgres-event-log.js';
import { SqliteEventLog } from './sqlite/sqlite-event-log.js';
import type { TypeOrmEventLog } from './typeorm-event-log.js';

export interface EventLogOptions {
  /** Largest size of one event's data, in bytes; 1 MiB when left out. */
  readonly eventSizeLimit?: number;
  /** Hear of appends by other processes; on when left out. */
  readonly listen?: boolean;
}

const DEFAULT_EVENT_SIZE = 1024 * 1024;

/** The event log on a database that `openDatabase` has opened with `LOG_SCHEMA`. */
export async function openEventLog(database: OpenDatabase, options: EventLogOptions = {}): Promise<TypeOrmEventLog> {
  const identity = await establishIdentity(database.write);
  const limits = { eventSize: options.eventSizeLimit ?? DEFAULT_EVENT_SIZE };
  const listening = { listen: options.listen ?? true };
  return database.target.kind === 'sqlite'
    ? new SqliteEventLog(database, identity, limits, listening)
    : new PostgresEventLog(database, identity, limits, listening);
}
