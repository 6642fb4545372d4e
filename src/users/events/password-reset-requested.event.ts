import { DomainEvent } from '@leftfold/core';

/** The user gets a mail with a token. The previous token is void from here on. Since version 2 the address is encrypted. */
@DomainEvent('users.password-reset-requested', {
  version: 2,
  upcasters: { 1: (data) => data },
  personal: [{ subject: ({ userId }: PasswordResetRequested) => userId, fields: ['email'] }],
})
export class PasswordResetRequested {
  declare readonly type: 'users.password-reset-requested';

  constructor(
    readonly userId: string,
    readonly resetId: string,
    readonly email: string | undefined,
    /** ISO 8601, UTC. */
    readonly expiresAt: string,
  ) {}
}
