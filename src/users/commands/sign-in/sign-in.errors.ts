import { ExpectedError } from '../../../event-sourcing/index.js';

export class WrongCredentialsError extends ExpectedError {
  readonly code = 'wrong-credentials';
  readonly kind = 'unauthenticated';

  static forThisSignIn(): WrongCredentialsError {
    return new WrongCredentialsError('The e-mail address or the password is wrong.');
  }
}

export class TooManyRequestsError extends ExpectedError {
  readonly code = 'too-many-requests';
  readonly kind = 'throttled';

  private constructor(override readonly retryAfter: number) {
    super('Too many wrong sign-ins. Wait, then try again.');
  }

  /** @param ms until the oldest wrong sign-in is forgotten */
  static forAnother(ms: number): TooManyRequestsError {
    return new TooManyRequestsError(Math.max(1, Math.ceil(ms / 1000)));
  }
}
