import { DomainEvent } from '@leftfold/core';

/** All current sessions of the user have ended. */
@DomainEvent('users.sessions-ended')
export class SessionsEnded {
  declare readonly type: 'users.sessions-ended';

  constructor(readonly userId: string) {}
}
