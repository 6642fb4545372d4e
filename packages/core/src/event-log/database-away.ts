import { EventLogUnavailableError } from './event-log.errors.js';
import { failureKind as postgresFailure } from './postgres/failure-kind.js';
import { failureKind as sqliteFailure } from './sqlite/failure-kind.js';

/**
 * Whether an error means that a database does not answer at the moment: unreachable, restarting, locked or full. The
 * same statement may succeed later. The failed write may or may not have been stored.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof EventLogUnavailableError) return true;
  if (typeof error !== 'object' || error === null) return false;
  const kind = isSqlite(error) ? sqliteFailure(error) : postgresFailure(error);
  return kind === 'lost' || kind === 'unavailable';
}

function isSqlite(error: object): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_');
}
