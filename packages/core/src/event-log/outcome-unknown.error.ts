/**
 * A batch was sent, and no reply came: it may or may not have been stored.
 * @internal
 */
export class OutcomeUnknownError extends Error {
  /** @param cause the failure that occurred in place of the reply */
  constructor(override readonly cause: unknown) {
    super('The batch was sent, and may have been stored.', { cause });
    this.name = 'OutcomeUnknownError';
  }
}

/** The original error of the database or the driver. */
export function withoutWrapper(error: unknown): unknown {
  return error instanceof OutcomeUnknownError ? error.cause : error;
}
