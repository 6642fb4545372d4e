import { AggregateRepository, Decisions, existing } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FreeNames } from '../../domain/free-names.js';
import { User } from '../../domain/user.aggregate.js';
import { UserForgottenError } from '../../domain/user.errors.js';
import { RevertProfileCommand } from './revert-profile.command.js';

@CommandHandler(RevertProfileCommand)
export class RevertProfileHandler implements ICommandHandler<RevertProfileCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly decisions: Decisions,
    private readonly names: FreeNames,
  ) {}

  async execute({ userId, toVersion }: RevertProfileCommand): Promise<{ userId: string }> {
    (await this.aggregates.load(User, userId)).refuseForgotten();
    const then = (await this.aggregates.load(User, userId, { version: toVersion })).profile;
    // Forgotten since, and the names are absent.
    if (then.username === '') throw UserForgottenError.withId(userId);
    const { claims, refuseTaken } = await this.names.want(userId, then);
    return this.decisions.decide({ user: existing(User, userId), claims }, (states) => {
      refuseTaken(states.claims);
      states.user.revertProfile(then, toVersion);
      return { userId };
    });
  }
}
