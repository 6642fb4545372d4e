import { UnstorableValueError } from '../events/json.js';

/** PostgreSQL: data exceptions, violated constraints, program limits. */
const POSTGRES = /^(?:22|23|54)[0-9A-Z]{3}$/;
const SQLITE = /^SQLITE_(?:TOOBIG|MISMATCH|CONSTRAINT)/;

/**
 * Whether a statement failed because of a value. Another value could be stored; the same one never can. Nothing of its
 * transaction was stored.
 */
export function isRefusedValue(error: unknown): boolean {
  // JavaScript itself refuses a string that would be too long.
  if (error instanceof UnstorableValueError || error instanceof RangeError) return true;
  if (typeof error !== 'object' || error === null) return false;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && (POSTGRES.test(code) || SQLITE.test(code));
}
