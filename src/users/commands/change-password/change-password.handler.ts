import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { NewPassword } from '../../credentials/new-password.js';
import { PasswordCheck } from '../../credentials/password-check.js';
import { WrongCredentialsError } from '../sign-in/sign-in.errors.js';
import { ChangePasswordCommand } from './change-password.command.js';

@CommandHandler(ChangePasswordCommand)
export class ChangePasswordHandler implements ICommandHandler<ChangePasswordCommand> {
  constructor(
    private readonly passwords: PasswordCheck,
    private readonly newPassword: NewPassword,
  ) {}

  async execute({ userId, address, now, ...command }: ChangePasswordCommand): Promise<{ userId: string }> {
    const before = await this.passwords.check({ account: userId, address, now }, userId, command.currentPassword);
    return this.newPassword.put(userId, command.newPassword, (user, passwordId) => {
      // It may have been changed since it was looked at.
      if (user.passwordId !== before) throw WrongCredentialsError.forThisSignIn();
      user.changePassword(passwordId);
    });
  }
}
