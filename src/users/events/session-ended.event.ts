import { DomainEvent } from '@leftfold/core';

/** The user signed out. */
@DomainEvent('users.session-ended')
export class SessionEnded {
  declare readonly type: 'users.session-ended';

  constructor(
    readonly userId: string,
    /** Version of the user with the sign-in that began it. */
    readonly session: number,
    /** ISO 8601, UTC. */
    readonly endedAt: string,
    /** When its token would have expired; ISO 8601, UTC. */
    readonly expiresAt: string,
  ) {}
}
