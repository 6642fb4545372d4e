import { Command } from '@nestjs/cqrs';

export class ChangeEmailCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly email: string,
    readonly currentPassword: string,
    /** Where the request came from. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
