import { DomainEvent } from '@leftfold/core';
import { lookOf } from '../domain/confusables/look.js';
import { known } from './known.js';

/** Releases one user name and claims another, so it carries the tags of both. Since version 2 the names are encrypted. */
@DomainEvent('users.username-changed', {
  version: 2,
  upcasters: { 1: (data) => data },
  personal: [{ subject: ({ userId }) => userId, fields: ['username', 'previousUsername'] }],
  tags: ({ username, previousUsername }: UsernameChanged) => ({
    username: known(username, previousUsername),
    look: known(username, previousUsername).map(lookOf),
  }),
})
export class UsernameChanged {
  declare readonly type: 'users.username-changed';

  constructor(
    readonly userId: string,
    readonly username: string | undefined,
    readonly previousUsername: string | undefined,
  ) {}
}
