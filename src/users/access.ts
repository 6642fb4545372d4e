import { ExpectedError } from '@leftfold/core';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { UserNotFoundError } from './domain/user.errors.js';

export class NotYourAccountError extends ExpectedError {
  readonly code = 'forbidden';
  readonly kind = 'forbidden';

  static toChange(): NotYourAccountError {
    return new NotYourAccountError('Only the user may change this.');
  }
}

/** Users see themselves, operators see everybody. To others an account does not exist. */
export function refuseStrangers(caller: SignedInUser, userId: string): void {
  if (caller.userId !== userId && !caller.roles.includes('operator')) throw UserNotFoundError.withId(userId);
}

/** Users alone change their names. An operator, who sees them, is told so. */
export function refuseOthers(caller: SignedInUser, userId: string): void {
  refuseStrangers(caller, userId);
  if (caller.userId !== userId) throw NotYourAccountError.toChange();
}
