import { DomainEvent } from '@leftfold/core';
import { lookOf } from '../domain/confusables/look.js';

@DomainEvent('users.user-registered', {
  tags: ({ email, username }: UserRegistered) => ({ email, username, look: lookOf(username) }),
})
export class UserRegistered {
  declare readonly type: 'users.user-registered';

  constructor(
    readonly userId: string,
    readonly username: string,
    readonly email: string,
  ) {}
}
