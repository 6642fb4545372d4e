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

export class EmailTakenError extends ExpectedError {
  readonly code = 'email-taken';
  readonly kind = 'broken-rule';

  static becauseSomebodyHasIt(): EmailTakenError {
    return new EmailTakenError('Somebody has this e-mail address already. Choose another one, or sign in.');
  }
}

export class UsernameTakenError extends ExpectedError {
  readonly code = 'username-taken';
  readonly kind = 'broken-rule';

  static becauseSomebodyHasIt(): UsernameTakenError {
    return new UsernameTakenError('Somebody has this user name already. Choose another one.');
  }
}

export class UsernameTooSimilarError extends ExpectedError {
  readonly code = 'username-too-similar';
  readonly kind = 'broken-rule';

  static toAnother(): UsernameTooSimilarError {
    return new UsernameTooSimilarError('This user name looks like that of somebody else. Choose another one.');
  }
}

export class LastOperatorError extends ExpectedError {
  readonly code = 'last-operator';
  readonly kind = 'broken-rule';

  static becauseNobodyWouldBeLeft(): LastOperatorError {
    return new LastOperatorError('This is the last operator. Grant the role to somebody else first.');
  }
}

/** The same answer for every reason, so that it does not reveal which tokens exist. */
export class ResetInvalidError extends ExpectedError {
  readonly code = 'token-invalid';
  readonly kind = 'unauthenticated';

  static whateverTheReason(): ResetInvalidError {
    return new ResetInvalidError('This link is not valid any more. Ask for another one.');
  }
}
