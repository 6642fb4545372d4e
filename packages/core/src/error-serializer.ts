import { type QuotedSource, withoutPersonalData } from './personal-data.js';

/** Deeper causes are left out. */
const DEEPEST_CAUSE = 3;

/** An error as it appears in a log line. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly cause?: LoggedError;
}

const sources = new WeakMap<Error, QuotedSource>();

/** Notes what was being handled when the error was thrown. Its data is cut out of the error's texts in the log. */
export function mayQuote(error: Error, data: unknown): void {
  sources.set(error, { data });
}

/**
 * An error for a log line, without personal data. All other properties of the error are left out, because they may hold
 * user data: TypeORM's errors have the statement and its parameters, PostgreSQL's the offending row.
 */
export function serializeError(error: unknown, depth = 0, quoted: readonly QuotedSource[] = []): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Something was thrown that is no error.' };
  const own = sources.get(error);
  const all = own ? [...quoted, own] : quoted;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.constructor.name,
    message: withoutPersonalData(error.message, ...all),
    ...(error.stack === undefined ? {} : { stack: withoutPersonalData(error.stack, ...all) }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause instanceof Error && depth < DEEPEST_CAUSE ? { cause: serializeError(cause, depth + 1, all) } : {}),
  };
}
