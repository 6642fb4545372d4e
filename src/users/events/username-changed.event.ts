import { DomainEvent } from '@leftfold/core';
import { lookOf } from '../domain/confusables/look.js';

/** Releases one user name and claims another, so it carries the tags of both. */
@DomainEvent('users.username-changed', {
  tags: ({ username, previousUsername }: UsernameChanged) => ({
    username: [username, previousUsername],
    look: [lookOf(username), lookOf(previousUsername)],
  }),
})
export class UsernameChanged {
  declare readonly type: 'users.username-changed';

  constructor(
    readonly userId: string,
    readonly username: string,
    readonly previousUsername: string,
  ) {}
}
