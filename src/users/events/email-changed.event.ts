import { DomainEvent } from '@leftfold/core';
import { known } from './known.js';

/** Releases one address and claims another, so it carries the tags of both. Since version 2 the addresses are encrypted. */
@DomainEvent('users.email-changed', {
  version: 2,
  upcasters: { 1: (data) => data },
  personal: [{ subject: ({ userId }) => userId, fields: ['email', 'previousEmail'] }],
  tags: ({ email, previousEmail }: EmailChanged) => ({ email: known(email, previousEmail) }),
})
export class EmailChanged {
  declare readonly type: 'users.email-changed';

  constructor(
    readonly userId: string,
    readonly email: string | undefined,
    readonly previousEmail: string | undefined,
  ) {}
}
