import { DomainEvent } from '@leftfold/core';

@DomainEvent('users.user-logged-in')
export class UserLoggedIn {
  declare readonly type: 'users.user-logged-in';

  constructor(
    readonly userId: string,
    readonly loginTime: string,
  ) {}
}
