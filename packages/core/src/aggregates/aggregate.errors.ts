import { ExpectedError } from '../errors.js';

/** The aggregate exists, but never had the requested version, or did not exist at the requested moment. */
export class VersionNotFoundError extends ExpectedError {
  readonly code = 'version-not-found';
  readonly kind = 'not-found';

  static of(category: string, moment: { version?: number; at?: Date }): VersionNotFoundError {
    const what = moment.version === undefined ? `state at ${moment.at?.toISOString()}` : `version ${moment.version}`;
    return new VersionNotFoundError(`The ${category} has no ${what}.`);
  }
}

/** The caller stated an expected version, and the stream is at another one. */
export class VersionConflictError extends ExpectedError {
  readonly code = 'version-conflict';
  readonly kind = 'version-conflict';

  constructor(
    expected: number,
    readonly actual: number,
  ) {
    super(`You asked for version ${expected}; the actual version is ${actual}. Read it again, and decide anew.`);
  }
}

/** `create` was called for an id that already has a stream. */
export class AggregateExistsError extends ExpectedError {
  readonly code = 'already-exists';
  readonly kind = 'broken-rule';

  constructor(readonly stream: string) {
    super(`${stream} exists already.`);
  }
}

/** At every attempt, what the decision is based on had changed in the meantime. */
export class BusyError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  /** @param subject the streams and decision models that the decision is based on */
  constructor(readonly subject: string) {
    super(`Too many decisions on ${subject} are being made at once. Try again.`);
  }
}
