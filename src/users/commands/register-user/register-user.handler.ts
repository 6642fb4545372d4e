import { Decisions, EventLogUnavailableError, MessageContext } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Credentials } from '../../credentials/credentials.js';
import { FreeNames } from '../../domain/free-names.js';
import { User } from '../../domain/user.aggregate.js';
import { WelcomeMails } from '../../domain/welcome-mails.js';
import { RequestLimits } from '../../limits/request-limits.js';
import { RegisterUserCommand } from './register-user.command.js';

@CommandHandler(RegisterUserCommand)
export class RegisterUserHandler implements ICommandHandler<RegisterUserCommand> {
  constructor(
    private readonly decisions: Decisions,
    private readonly credentials: Credentials,
    private readonly names: FreeNames,
    private readonly limits: RequestLimits,
    private readonly context: MessageContext,
  ) {}

  /** The hash is written first, so that a registered user always has one. */
  async execute(command: RegisterUserCommand): Promise<{ userId: string }> {
    const { userId, username, email, password, address, now } = command;
    // A repeat with the same idempotency key counts once.
    await this.limits.admit({ purpose: 'registration', address, id: this.context.origin.commandId ?? userId, now });
    const { claims, refuseTaken } = await this.names.want(userId, { email, username });
    await this.credentials.put(userId, password);
    try {
      const participants = { claims, mails: WelcomeMails.to(email) };
      const registered = await this.decisions.decide(participants, (states, changes) => {
        refuseTaken(states.claims);
        states.mails.refuseAnother(this.limits.mailsSince(now));
        changes.create(User, User.register(userId, username, email));
        return { userId };
      });
      if (registered.userId !== userId) await this.credentials.discard(userId);
      return registered;
    } catch (error) {
      // Without an answer it is unknown whether the user was stored; the sweep decides later.
      if (!(error instanceof EventLogUnavailableError)) await this.credentials.discard(userId);
      throw error;
    }
  }
}
