import { DomainEvent } from '@leftfold/core';

/** Many sign-ins with this account were wrong lately, from any address: the user gets a mail. Since version 2 the address is encrypted. */
@DomainEvent('users.wrong-sign-ins-noticed', {
  version: 2,
  upcasters: { 1: (data) => data },
  personal: [{ subject: ({ userId }: WrongSignInsNoticed) => userId, fields: ['email'] }],
})
export class WrongSignInsNoticed {
  declare readonly type: 'users.wrong-sign-ins-noticed';

  constructor(
    readonly userId: string,
    readonly email: string | undefined,
    /** ISO 8601, UTC. */
    readonly noticedAt: string,
  ) {}
}
