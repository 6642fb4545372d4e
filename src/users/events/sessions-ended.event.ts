import { DomainEvent } from '../../event-sourcing/index.js';

/** All sessions of the user that had begun by now are over. */
@DomainEvent('users.sessions-ended')
export class SessionsEnded {
  declare readonly type: 'users.sessions-ended';

  constructor(readonly userId: string) {}
}
