import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PasswordCheck } from '../../credentials/password-check.js';
import { namesAreFree } from '../../domain/unique-names.js';
import { User } from '../../domain/user.aggregate.js';
import { WrongCredentialsError } from '../sign-in/sign-in.errors.js';
import { ChangeEmailCommand } from './change-email.command.js';

@CommandHandler(ChangeEmailCommand)
export class ChangeEmailHandler implements ICommandHandler<ChangeEmailCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly passwords: PasswordCheck,
  ) {}

  async execute({ userId, email, currentPassword, address, now }: ChangeEmailCommand): Promise<{ userId: string }> {
    const passwordId = await this.passwords.check({ account: userId, address, now }, userId, currentPassword);
    return this.aggregates.update(
      User,
      userId,
      (user) => {
        if (user.passwordId !== passwordId) throw WrongCredentialsError.forThisSignIn();
        user.changeEmail(email);
      },
      { guard: namesAreFree(userId, { email }), result: { userId } },
    );
  }
}
