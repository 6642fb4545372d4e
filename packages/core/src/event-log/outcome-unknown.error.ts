/**
 * A batch was sent, and no answer says what became of it: it may have been stored.
 * @internal
 */
export class OutcomeUnknownError extends Error {
  /** @param cause the failure that came in place of the answer */
  constructor(override readonly cause: unknown) {
    super('The batch was sent, and may have been stored.', { cause });
    this.name = 'OutcomeUnknownError';
  }
}

/** What the database or the driver said. */
export function withoutWrapper(error: unknown): unknown {
  return error instanceof OutcomeUnknownError ? error.cause : error;
}
