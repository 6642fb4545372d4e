import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { NewPassword } from '../../credentials/new-password.js';
import { ResetPasswordCommand } from './reset-password.command.js';

@CommandHandler(ResetPasswordCommand)
export class ResetPasswordHandler implements ICommandHandler<ResetPasswordCommand> {
  constructor(private readonly newPassword: NewPassword) {}

  execute({ userId, resetId, newPassword, now }: ResetPasswordCommand): Promise<{ userId: string }> {
    return this.newPassword.put(userId, newPassword, (user, passwordId) =>
      user.resetPassword(resetId, passwordId, now),
    );
  }
}
