import { DomainEvent } from '@leftfold/core';

/** Ends all sessions. The hash is kept beside the log, under the id of the password. */
@DomainEvent('users.password-changed')
export class PasswordChanged {
  declare readonly type: 'users.password-changed';

  constructor(
    readonly userId: string,
    /** A UUID. Nothing can be learned from it. */
    readonly passwordId: string,
    /** The reset that it was changed with; null for one that was changed with the password before. */
    readonly resetId: string | null,
  ) {}
}
