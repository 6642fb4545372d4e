import { DomainEvent } from '@leftfold/core';
import { lookOf } from '../domain/confusables/look.js';

/** Compensates for changes: user name and e-mail address are those of an earlier version again. */
@DomainEvent('users.profile-reverted', {
  tags: ({ email, previousEmail, username, previousUsername }: ProfileReverted) => ({
    email: [email, previousEmail],
    username: [username, previousUsername],
    look: [lookOf(username), lookOf(previousUsername)],
  }),
})
export class ProfileReverted {
  declare readonly type: 'users.profile-reverted';

  constructor(
    readonly userId: string,
    readonly toVersion: number,
    readonly username: string,
    readonly email: string,
    readonly previousUsername: string,
    readonly previousEmail: string,
  ) {}
}
