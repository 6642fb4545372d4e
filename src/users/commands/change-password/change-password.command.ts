import { Command } from '@nestjs/cqrs';

export class ChangePasswordCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly currentPassword: string,
    readonly newPassword: string,
    /** Where the request came from. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
