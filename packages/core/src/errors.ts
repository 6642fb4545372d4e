/** What sort of no an error is. The transport (HTTP, command line) alone turns it into a status or exit code. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'broken-rule'
  | 'version-conflict'
  | 'unprocessable'
  | 'throttled'
  | 'unavailable';

/**
 * A refusal that a caller may see: a stable `code`, and a message that is a sentence for people.
 * Everything else that is thrown is a fault, and is shown to nobody but the log.
 */
export abstract class ExpectedError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  /** Seconds after which the same request may succeed; set where `kind` is `unavailable` or `throttled`. */
  readonly retryAfter?: number;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The program is put together wrongly. Thrown at start; the message says what to change. */
export class SetupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
