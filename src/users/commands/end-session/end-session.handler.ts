import { AggregateRepository, MessageContext } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AccessDirectory } from '../../../platform/auth/access-directory.js';
import { User } from '../../domain/user.aggregate.js';
import { EndSessionCommand } from './end-session.command.js';

@CommandHandler(EndSessionCommand)
export class EndSessionHandler implements ICommandHandler<EndSessionCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly access: AccessDirectory,
    private readonly context: MessageContext,
  ) {}

  async execute({ userId, session, now, expiresAt }: EndSessionCommand): Promise<void> {
    await this.aggregates.update(User, userId, (user) => user.endSession(session, now, expiresAt));
    await this.context.afterStored(() => this.access.forget(userId));
  }
}
