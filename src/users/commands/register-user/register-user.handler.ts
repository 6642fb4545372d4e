import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateRepository, EventLogUnavailableError } from '../../../event-sourcing/index.js';
import { Credentials } from '../../credentials/credentials.js';
import { namesAreFree } from '../../domain/unique-names.js';
import { User } from '../../domain/user.aggregate.js';
import { RegisterUserCommand } from './register-user.command.js';

@CommandHandler(RegisterUserCommand)
export class RegisterUserHandler implements ICommandHandler<RegisterUserCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly credentials: Credentials,
  ) {}

  /** The hash is written first: whoever has a registered user has its hash as well. */
  async execute({ userId, username, email, password }: RegisterUserCommand): Promise<{ userId: string }> {
    await this.credentials.put(userId, password);
    try {
      const registered = await this.aggregates.create(User, User.register(userId, username, email), {
        guard: namesAreFree(userId, { email, username }),
        result: { userId },
      });
      if (registered.userId !== userId) await this.credentials.discard(userId);
      return registered;
    } catch (error) {
      // Without an answer nobody knows whether the user is there; the sweep decides later.
      if (!(error instanceof EventLogUnavailableError)) await this.credentials.discard(userId);
      throw error;
    }
  }
}
