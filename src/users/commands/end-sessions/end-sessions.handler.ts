import { AggregateRepository, MessageContext } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AccessDirectory } from '../../../platform/auth/access-directory.js';
import { User } from '../../domain/user.aggregate.js';
import { EndSessionsCommand } from './end-sessions.command.js';

@CommandHandler(EndSessionsCommand)
export class EndSessionsHandler implements ICommandHandler<EndSessionsCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly access: AccessDirectory,
    private readonly context: MessageContext,
  ) {}

  async execute({ userId }: EndSessionsCommand): Promise<void> {
    await this.aggregates.update(User, userId, (user) => user.endSessions());
    await this.context.afterStored(() => this.access.forget(userId));
  }
}
