import { Command } from '@nestjs/cqrs';

export class EndSessionCommand extends Command<void> {
  constructor(
    readonly userId: string,
    /** Version of the user with the sign-in that began it. */
    readonly session: number,
    readonly now: Date,
    /** When its token expires. */
    readonly expiresAt: Date,
  ) {
    super();
  }
}
