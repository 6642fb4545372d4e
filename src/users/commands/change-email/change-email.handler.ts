import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateRepository } from '../../../event-sourcing/index.js';
import { namesAreFree } from '../../domain/unique-names.js';
import { User } from '../../domain/user.aggregate.js';
import { ChangeEmailCommand } from './change-email.command.js';

@CommandHandler(ChangeEmailCommand)
export class ChangeEmailHandler implements ICommandHandler<ChangeEmailCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ userId, email }: ChangeEmailCommand): Promise<{ userId: string }> {
    return this.aggregates.update(User, userId, (user) => user.changeEmail(email), {
      guard: namesAreFree(userId, { email }),
      result: { userId },
    });
  }
}
