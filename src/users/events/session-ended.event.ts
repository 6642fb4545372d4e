import { DomainEvent } from '@leftfold/core';

/** The user signed out. */
@DomainEvent('users.session-ended')
export class SessionEnded {
  declare readonly type: 'users.session-ended';

  constructor(
    readonly userId: string,
    /** Version of the user at the sign-in that began the session. */
    readonly session: number,
    /** ISO 8601, UTC. */
    readonly endedAt: string,
    /** When the session's token would have expired; ISO 8601, UTC. */
    readonly expiresAt: string,
  ) {}
}
