import { Command } from '@nestjs/cqrs';

export class ChangeEmailCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly email: string,
    readonly currentPassword: string,
    /** Address of the request. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
