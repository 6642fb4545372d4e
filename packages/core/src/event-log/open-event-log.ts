import type { DatabaseKind } from '../databases/database-url.js';
import type { OpenDatabase } from '../databases/open-database.js';
import { KeyRing } from '../personal-data/key-ring.js';
import { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { Telemetry } from '../telemetry.js';
import { establishIdentity } from './log-identity.js';
import { PostgresEventLog } from './postgres/postgres-event-log.js';
import { SqliteEventLog } from './sqlite/sqlite-event-log.js';
import type { EventLog } from './event-log.js';

export interface EventLogOptions {
  /** Largest size of one event's data, and of its metadata, in bytes; 1 MiB when left out. */
  readonly eventSizeLimit?: number;
  /** Listen for appends by other processes; true when left out. */
  readonly listen?: boolean;
  /** Receives every append and batch. */
  readonly telemetry?: Telemetry;
  /** Encrypts and decrypts personal fields; without it, events with such fields are refused, and can't be read. */
  readonly personal?: PersonalFieldsCipher;
}

const DEFAULT_EVENT_SIZE = 1024 * 1024;

const ADAPTERS = { sqlite: SqliteEventLog, postgres: PostgresEventLog } satisfies Record<DatabaseKind, unknown>;

/** Opens the event log in a database that `openDatabase` has opened with `LOG_SCHEMA`. */
export async function openEventLog(database: OpenDatabase, options: EventLogOptions = {}): Promise<EventLog> {
  const identity = await establishIdentity(database.write);
  const limits = { eventSize: options.eventSizeLimit ?? DEFAULT_EVENT_SIZE };
  const adapterOptions = {
    listen: options.listen ?? true,
    telemetry: options.telemetry ?? new Telemetry(),
    personal: options.personal ?? new PersonalFieldsCipher(new KeyRing(undefined), new Set()),
  };
  return new ADAPTERS[database.write.kind](database, identity, limits, adapterOptions);
}
