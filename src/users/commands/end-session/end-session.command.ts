import { Command } from '@nestjs/cqrs';

export class EndSessionCommand extends Command<void> {
  constructor(
    readonly userId: string,
    /** Version of the user at the sign-in that began the session. */
    readonly session: number,
    readonly now: Date,
    /** When the session's token expires. */
    readonly expiresAt: Date,
  ) {
    super();
  }
}
