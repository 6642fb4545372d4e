import { EventLog, MessageContext } from '@leftfold/core';
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
    private readonly log: EventLog,
    private readonly context: MessageContext,
  ) {}

  async execute({ userId, address, now, ...command }: ChangePasswordCommand): Promise<{ userId: string }> {
    // A repeat, whose first answer was lost, sends a password that is no longer current. It is answered without a decision.
    const before = (await this.isRepeat())
      ? undefined
      : await this.passwords.check({ account: userId, address, now }, userId, command.currentPassword);
    return this.newPassword.put(userId, command.newPassword, (user, passwordId) => {
      // The password may have changed since it was checked.
      if (user.passwordId !== before) throw WrongCredentialsError.forThisSignIn();
      user.changePassword(passwordId);
    });
  }

  private async isRepeat(): Promise<boolean> {
    const { commandId } = this.context.origin;
    return commandId !== undefined && (await this.log.findCommand(commandId)) !== undefined;
  }
}
