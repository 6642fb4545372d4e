import { DomainEvent } from '@leftfold/core';

/** Many sign-ins with this account were wrong lately, from any address: the user gets a mail. */
@DomainEvent('users.wrong-sign-ins-noticed')
export class WrongSignInsNoticed {
  declare readonly type: 'users.wrong-sign-ins-noticed';

  constructor(
    readonly userId: string,
    readonly email: string,
    /** ISO 8601, UTC. */
    readonly noticedAt: string,
  ) {}
}
