import { Command } from '@nestjs/cqrs';

export class RegisterUserCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly username: string,
    readonly email: string,
    readonly password: string,
    /** Address of the request. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
