import { Command } from '@nestjs/cqrs';

/** Registers a user who is an operator from the start. */
export class RegisterFirstOperatorCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly username: string,
    readonly email: string,
    readonly password: string,
  ) {
    super();
  }
}
