import { ExpectedError } from '@leftfold/core';

export class NotSignedInError extends ExpectedError {
  readonly code = 'not-signed-in';
  readonly kind = 'unauthenticated';

  constructor() {
    super('Sign in first, and send the access token as "Authorization: Bearer <token>".');
  }
}

/** The same answer for every reason, so that it does not tell an attacker what a forged token lacks. */
export class TokenInvalidError extends ExpectedError {
  readonly code = 'token-invalid';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The access token is not valid, or has expired. Sign in again.');
  }
}

export class ForbiddenError extends ExpectedError {
  readonly code = 'forbidden';
  readonly kind = 'forbidden';

  static becauseOfTheRole(): ForbiddenError {
    return new ForbiddenError('Your role does not allow this.');
  }
}
