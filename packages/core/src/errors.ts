/** Category of a refusal. Only the transport (HTTP, command line) turns it into a status or exit code. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'broken-rule'
  | 'version-conflict'
  | 'unprocessable'
  | 'throttled'
  | 'unavailable';

/**
 * A refusal that a caller may see, with a stable `code` and a readable message. Any other error is a fault, and only
 * the log shows it.
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

/**
 * Whether the error is a refusal that a retry would not change.
 * @internal
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof ExpectedError && error.kind !== 'unavailable' && error.kind !== 'throttled';
}

/** The application is set up wrongly. Thrown at start; the message says what to change. */
export class SetupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
