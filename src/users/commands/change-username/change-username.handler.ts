import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FreeNames } from '../../domain/free-names.js';
import { User } from '../../domain/user.aggregate.js';
import { ChangeUsernameCommand } from './change-username.command.js';

@CommandHandler(ChangeUsernameCommand)
export class ChangeUsernameHandler implements ICommandHandler<ChangeUsernameCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly names: FreeNames,
  ) {}

  async execute({ userId, username }: ChangeUsernameCommand): Promise<{ userId: string }> {
    return this.aggregates.update(User, userId, (user) => user.changeUsername(username), {
      guard: await this.names.guard(userId, { username }),
      result: { userId },
    });
  }
}
