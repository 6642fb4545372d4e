import { DatabaseLimits } from '../../src/databases/database-limits.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../../src/databases/open-database.js';
import type { EventLog } from '../../src/event-log/event-log.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { openEventLog } from '../../src/event-log/open-event-log.js';

export const EVENT_SIZE_LIMIT = 64 * 1024;

export interface OpenLog {
  readonly database: OpenDatabase;
  readonly log: EventLog;
  close(): Promise<void>;
}

/** The log behind a database URL, as one node opens it. */
export async function openLog(url: string, limits: Partial<DatabaseLimits> = {}): Promise<OpenLog> {
  const database = await openDatabase('events', parseDatabaseUrl(url), LOG_SCHEMA, {
    limits: Object.assign(new DatabaseLimits(), limits),
  });
  const log = await openEventLog(database, { eventSizeLimit: EVENT_SIZE_LIMIT });
  return {
    database,
    log,
    close: async () => {
      await log.close();
      await database.close();
    },
  };
}
