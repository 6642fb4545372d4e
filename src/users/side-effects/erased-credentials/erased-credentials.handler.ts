import { SideEffect, type SideEffectHandler } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { Credentials } from '../../credentials/credentials.js';
import { UserForgotten } from '../../events/user-forgotten.event.js';

/** Deletes the password hashes of forgotten users, if the process that forgot them died before it did. */
@SideEffect({ name: 'users.erased-credentials' })
@EventsHandler(UserForgotten)
export class ErasedCredentialsHandler implements SideEffectHandler<UserForgotten> {
  constructor(private readonly credentials: Credentials) {}

  async handle({ userId }: UserForgotten): Promise<void> {
    await this.credentials.erase(userId);
  }
}
