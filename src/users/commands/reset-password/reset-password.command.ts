import { Command } from '@nestjs/cqrs';

export class ResetPasswordCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly resetId: string,
    readonly newPassword: string,
    readonly now: Date,
  ) {
    super();
  }
}
