import { DomainEvent } from '@leftfold/core';

/** Releases one address and claims another, so it carries the tags of both. */
@DomainEvent('users.email-changed', {
  tags: ({ email, previousEmail }: EmailChanged) => ({ email: [email, previousEmail] }),
})
export class EmailChanged {
  declare readonly type: 'users.email-changed';

  constructor(
    readonly userId: string,
    readonly email: string,
    readonly previousEmail: string,
  ) {}
}
