import { Command } from '@nestjs/cqrs';

/** The user, who gives the password, or an operator, who gives a reason. */
export type ForgettingBy =
  { readonly password: string; /** Address of the request. */ readonly address: string } | { readonly reason: string };

/** Forgets everything personal about a user, for ever. A user who is forgotten already stays so. */
export class ForgetUserCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly by: ForgettingBy,
    readonly now: Date,
  ) {
    super();
  }
}
