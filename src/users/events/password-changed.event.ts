import { DomainEvent } from '@leftfold/core';

/** Ends all sessions. The hash is kept beside the log, under the id of the password. */
@DomainEvent('users.password-changed')
export class PasswordChanged {
  declare readonly type: 'users.password-changed';

  constructor(
    readonly userId: string,
    /** A UUID. It reveals nothing about the password. */
    readonly passwordId: string,
    /** The reset that changed it; null when it was changed with the current password. */
    readonly resetId: string | null,
  ) {}
}
