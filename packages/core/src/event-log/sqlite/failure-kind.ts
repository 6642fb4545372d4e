import { isBusy } from '../../databases/sqlite-write-database.js';
import type { FailureKind } from '../failure-kind.js';
import { ALREADY_STORED } from './already-stored.js';

/** How a failed statement affects the append that it carried. */
export function failureKind(error: unknown): FailureKind {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string') return 'fault';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') return 'duplicate';
  if (code === 'SQLITE_CONSTRAINT_TRIGGER' && message?.includes(ALREADY_STORED)) return 'duplicate';
  // A failed statement was rolled back with its transaction: nothing was stored.
  return isBusy(error) || /^SQLITE_(FULL|IOERR|LOCKED|CANTOPEN|NOMEM|READONLY)/.test(code) ? 'unavailable' : 'fault';
}
