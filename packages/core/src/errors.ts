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

/**
 * @param where the list, as its reader knows it
 * @throws SetupError when a class in the list is undefined, as it is while files that import each other are loaded
 * @internal
 */
export function refuseUndefined(where: string, classes: readonly unknown[] = []): void {
  // The type says that there is none, and can't know the order in which files are loaded.
  const at = classes.indexOf(undefined);
  if (at < 0) return;
  throw new SetupError(
    `${where} has undefined in place of a class, at index ${at}. Files that import each other in a circle cause this: ` +
      'move what both need into a third file.',
  );
}
