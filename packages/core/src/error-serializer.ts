import { type QuotedSource, withoutPersonalData } from './personal-data.js';

/** Causes further down than this are left out. */
const DEEPEST_CAUSE = 3;

/** What a log line says about an error. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly cause?: LoggedError;
}

const sources = new WeakMap<Error, QuotedSource>();

/** What was being handled when the error was thrown. What the error repeats of it stays out of the log. */
export function mayQuote(error: Error, data: unknown): void {
  sources.set(error, { data });
}

/**
 * What a log line may say about an error, without what it says of people. Everything else that errors carry stays out, because it
 * holds what people sent: TypeORM's have the statement and its parameters, PostgreSQL's the offending row.
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
