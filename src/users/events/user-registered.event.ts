import { DomainEvent } from '@leftfold/core';
import { emailKey } from '../domain/email-key.js';
import { lookOf } from '../domain/confusables/look.js';

/** The address has a tag more, by which the last welcome mail to it is found, however often it changed hands since. */
@DomainEvent('users.user-registered', {
  tags: ({ email, username }: UserRegistered) => ({
    email,
    username,
    look: lookOf(username),
    welcomed: emailKey(email),
  }),
})
export class UserRegistered {
  declare readonly type: 'users.user-registered';

  constructor(
    readonly userId: string,
    readonly username: string,
    readonly email: string,
  ) {}
}
