import { ExpectedError } from '@leftfold/core';
import { ForbiddenError } from '../platform/auth/auth.errors.js';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { UserNotFoundError } from './domain/user.errors.js';

export class NotYourAccountError extends ExpectedError {
  readonly code = 'forbidden';
  readonly kind = 'forbidden';

  static toChange(): NotYourAccountError {
    return new NotYourAccountError('Only the user may change this.');
  }
}

/** Users see themselves, operators and auditors see all users. For anyone else an account does not exist. */
export function refuseUnlessOwnerOrOperator(caller: SignedInUser, userId: string): void {
  if (caller.userId === userId || caller.operates) return;
  // An auditor can see the user.
  if (caller.roles.includes('auditor')) throw ForbiddenError.becauseOfTheRole();
  throw UserNotFoundError.withId(userId);
}

/** Only users change their own names. An operator, who can see the user, gets 403. */
export function refuseUnlessOwner(caller: SignedInUser, userId: string): void {
  refuseUnlessOwnerOrOperator(caller, userId);
  if (caller.userId !== userId) throw NotYourAccountError.toChange();
}
