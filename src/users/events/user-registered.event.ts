import { DomainEvent } from '@leftfold/core';
import { emailKey } from '../domain/email-key.js';
import { lookOf } from '../domain/confusables/look.js';
import { known } from './known.js';

/**
 * The address has a tag more, by which the last welcome mail to it is found, however often it changed hands since. Since version 2
 * the names are encrypted, and absent once the user is forgotten.
 */
@DomainEvent('users.user-registered', {
  version: 2,
  upcasters: { 1: (data) => data },
  personal: [{ subject: ({ userId }) => userId, fields: ['username', 'email'] }],
  tags: ({ email, username }: UserRegistered) => ({
    email,
    username,
    look: known(username).map(lookOf),
    welcomed: known(email).map(emailKey),
  }),
})
export class UserRegistered {
  declare readonly type: 'users.user-registered';

  constructor(
    readonly userId: string,
    readonly username: string | undefined,
    readonly email: string | undefined,
  ) {}
}
