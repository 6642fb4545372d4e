import { AggregateRepository, EventLogUnavailableError, MessageContext } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Credentials } from '../../credentials/credentials.js';
import { FreeNames } from '../../domain/free-names.js';
import { noMailLately } from '../../domain/no-mail-lately.js';
import { User } from '../../domain/user.aggregate.js';
import { RequestLimits } from '../../limits/request-limits.js';
import { RegisterUserCommand } from './register-user.command.js';

@CommandHandler(RegisterUserCommand)
export class RegisterUserHandler implements ICommandHandler<RegisterUserCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
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
    const names = await this.names.guard(userId, { email, username });
    await this.credentials.put(userId, password);
    try {
      const registered = await this.aggregates.create(User, User.register(userId, username, email), {
        guard: noMailLately(names, email, this.limits.mailsSince(now)),
        result: { userId },
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
