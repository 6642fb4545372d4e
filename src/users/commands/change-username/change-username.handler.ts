import { Decisions, existing } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FreeNames } from '../../domain/free-names.js';
import { User } from '../../domain/user.aggregate.js';
import { ChangeUsernameCommand } from './change-username.command.js';

@CommandHandler(ChangeUsernameCommand)
export class ChangeUsernameHandler implements ICommandHandler<ChangeUsernameCommand> {
  constructor(
    private readonly decisions: Decisions,
    private readonly names: FreeNames,
  ) {}

  async execute({ userId, username }: ChangeUsernameCommand): Promise<{ userId: string }> {
    const { claims, refuseTaken } = await this.names.want(userId, { username });
    return this.decisions.decide({ user: existing(User, userId), claims }, (states) => {
      refuseTaken(states.claims);
      states.user.changeUsername(username);
      return { userId };
    });
  }
}
