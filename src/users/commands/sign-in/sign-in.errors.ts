import { ExpectedError } from '@leftfold/core';

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

  private constructor(
    message: string,
    override readonly retryAfter: number,
  ) {
    super(message);
  }

  /** @param ms until the oldest wrong sign-in no longer counts */
  static forWrongSignIns(ms: number): TooManyRequestsError {
    return new TooManyRequestsError('Too many wrong sign-ins. Wait, then try again.', seconds(ms));
  }

  /** @param ms until another request is allowed */
  static fromThisAddress(ms: number): TooManyRequestsError {
    return new TooManyRequestsError(
      'Too many requests of this kind from your address. Wait, then try again.',
      seconds(ms),
    );
  }

  /** @param ms until another mail is allowed */
  static becauseAMailWasSent(ms: number): TooManyRequestsError {
    return new TooManyRequestsError(
      'A mail to this e-mail address was requested within the last hour. Look for it, or wait and try again.',
      seconds(ms),
    );
  }
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
