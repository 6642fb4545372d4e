import { Command } from '@nestjs/cqrs';

export class ChangePasswordCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly currentPassword: string,
    readonly newPassword: string,
    /** Address of the request. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
