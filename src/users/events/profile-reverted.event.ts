import { DomainEvent } from '@leftfold/core';
import { lookOf } from '../domain/confusables/look.js';
import { known } from './known.js';

/** Compensates for changes: user name and e-mail address are those of an earlier version again. Since version 2 they are encrypted. */
@DomainEvent('users.profile-reverted', {
  version: 2,
  upcasters: { 1: (data) => data },
  personal: [{ subject: ({ userId }) => userId, fields: ['username', 'email', 'previousUsername', 'previousEmail'] }],
  tags: ({ email, previousEmail, username, previousUsername }: ProfileReverted) => ({
    email: known(email, previousEmail),
    username: known(username, previousUsername),
    look: known(username, previousUsername).map(lookOf),
  }),
})
export class ProfileReverted {
  declare readonly type: 'users.profile-reverted';

  constructor(
    readonly userId: string,
    readonly toVersion: number,
    readonly username: string | undefined,
    readonly email: string | undefined,
    readonly previousUsername: string | undefined,
    readonly previousEmail: string | undefined,
  ) {}
}
