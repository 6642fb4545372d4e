import { Decisions, existing } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PasswordCheck } from '../../credentials/password-check.js';
import { NameClaims } from '../../domain/unique-names.js';
import { User } from '../../domain/user.aggregate.js';
import { WrongCredentialsError } from '../sign-in/sign-in.errors.js';
import { ChangeEmailCommand } from './change-email.command.js';

@CommandHandler(ChangeEmailCommand)
export class ChangeEmailHandler implements ICommandHandler<ChangeEmailCommand> {
  constructor(
    private readonly decisions: Decisions,
    private readonly passwords: PasswordCheck,
  ) {}

  async execute({ userId, email, currentPassword, address, now }: ChangeEmailCommand): Promise<{ userId: string }> {
    const passwordId = await this.passwords.check({ account: userId, address, now }, userId, currentPassword);
    const participants = { user: existing(User, userId), claims: NameClaims.of({ email }) };
    return this.decisions.decide(participants, ({ user, claims }) => {
      claims.refuseOthers(userId, { email });
      // The password may have changed since it was checked.
      if (user.passwordId !== passwordId) throw WrongCredentialsError.forThisSignIn();
      user.changeEmail(email);
      return { userId };
    });
  }
}
