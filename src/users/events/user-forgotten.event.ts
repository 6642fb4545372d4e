import { DomainEvent } from '@leftfold/core';

/**
 * The user is forgotten: the personal fields of all events about the user are absent from here on. It is the last event of the
 * user. Ends all sessions.
 */
@DomainEvent('users.user-forgotten', { forgets: ({ userId }: UserForgotten) => userId })
export class UserForgotten {
  declare readonly type: 'users.user-forgotten';

  constructor(
    readonly userId: string,
    /** Why an operator did it; null when the user did. It is kept, so it must not name the user. */
    readonly reason: string | null,
    /** The last signed checkpoint before, as a signed note; null when the log was not sealed. The certificate has it. */
    readonly checkpoint: string | null,
  ) {}
}
