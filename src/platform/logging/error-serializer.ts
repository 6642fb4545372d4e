import { withoutAddresses } from './without-addresses.js';

/** Causes further down than this are left out. */
const DEEPEST_CAUSE = 3;

export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly cause?: LoggedError;
}

/**
 * What a log line may say about an error, without e-mail addresses. Everything else that errors carry stays out, because it holds what people sent:
 * TypeORM's have the statement and its parameters, PostgreSQL's the offending row.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Something was thrown that is no error.' };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.constructor.name,
    message: withoutAddresses(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutAddresses(error.stack) }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause instanceof Error && depth < DEEPEST_CAUSE ? { cause: serializeError(cause, depth + 1) } : {}),
  };
}
