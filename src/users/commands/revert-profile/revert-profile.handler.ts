import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FreeNames } from '../../domain/free-names.js';
import { User } from '../../domain/user.aggregate.js';
import { RevertProfileCommand } from './revert-profile.command.js';

@CommandHandler(RevertProfileCommand)
export class RevertProfileHandler implements ICommandHandler<RevertProfileCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly names: FreeNames,
  ) {}

  async execute({ userId, toVersion }: RevertProfileCommand): Promise<{ userId: string }> {
    const then = (await this.aggregates.load(User, userId, { version: toVersion })).profile;
    return this.aggregates.update(User, userId, (user) => user.revertProfile(then, toVersion), {
      guard: await this.names.guard(userId, then),
      result: { userId },
    });
  }
}
