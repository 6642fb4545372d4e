import { ExpectedError } from '@leftfold/core';

export class UserNotFoundError extends ExpectedError {
  readonly code = 'user-not-found';
  readonly kind = 'not-found';

  static withId(id: string): UserNotFoundError {
    return new UserNotFoundError(`There is no user ${id}.`);
  }

  static withEmail(email: string): UserNotFoundError {
    return new UserNotFoundError(`There is no user with the e-mail address ${email}.`);
  }
}

/** The user existed, and is forgotten. */
export class UserForgottenError extends ExpectedError {
  readonly code = 'user-forgotten';
  readonly kind = 'gone';

  static withId(id: string): UserForgottenError {
    return new UserForgottenError(`The user ${id} is forgotten.`);
  }
}

export class EmailTakenError extends ExpectedError {
  readonly code = 'email-taken';
  readonly kind = 'broken-rule';

  static byAnotherUser(): EmailTakenError {
    return new EmailTakenError('Another user has this e-mail address. Choose another one, or sign in.');
  }
}

export class UsernameTakenError extends ExpectedError {
  readonly code = 'username-taken';
  readonly kind = 'broken-rule';

  static byAnotherUser(): UsernameTakenError {
    return new UsernameTakenError('Another user has this user name. Choose another one.');
  }
}

export class UsernameTooSimilarError extends ExpectedError {
  readonly code = 'username-too-similar';
  readonly kind = 'broken-rule';

  static toAnother(): UsernameTooSimilarError {
    return new UsernameTooSimilarError('This user name looks like the name of another user. Choose another one.');
  }
}

export class LastOperatorError extends ExpectedError {
  readonly code = 'last-operator';
  readonly kind = 'broken-rule';

  static becauseNoneWouldRemain(): LastOperatorError {
    return new LastOperatorError('This is the last operator. Grant the role to another user first.');
  }
}

/** The same answer for every reason, so that it does not reveal which tokens exist. */
export class ResetInvalidError extends ExpectedError {
  readonly code = 'token-invalid';
  readonly kind = 'unauthenticated';

  static forAnyReason(): ResetInvalidError {
    return new ResetInvalidError('This link is no longer valid. Request a new one.');
  }
}
