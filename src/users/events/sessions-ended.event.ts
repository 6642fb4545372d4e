import { DomainEvent } from '@leftfold/core';

/** All sessions of the user that had begun by now are over. */
@DomainEvent('users.sessions-ended')
export class SessionsEnded {
  declare readonly type: 'users.sessions-ended';

  constructor(readonly userId: string) {}
}
