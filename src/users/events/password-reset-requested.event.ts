import { DomainEvent } from '@leftfold/core';

/** The user gets a mail with a token. The previous token is void from here on. */
@DomainEvent('users.password-reset-requested')
export class PasswordResetRequested {
  declare readonly type: 'users.password-reset-requested';

  constructor(
    readonly userId: string,
    readonly resetId: string,
    readonly email: string,
    /** ISO 8601, UTC. */
    readonly expiresAt: string,
  ) {}
}
