import { AggregateRepository, MessageContext } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AccessDirectory } from '../../../platform/auth/access-directory.js';
import { User } from '../../domain/user.aggregate.js';
import { GrantRoleCommand } from './grant-role.command.js';

@CommandHandler(GrantRoleCommand)
export class GrantRoleHandler implements ICommandHandler<GrantRoleCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly access: AccessDirectory,
    private readonly context: MessageContext,
  ) {}

  async execute({ userId, role }: GrantRoleCommand): Promise<{ userId: string }> {
    const result = await this.aggregates.update(User, userId, (user) => user.grantRole(role), {
      result: { userId },
    });
    await this.context.afterStored(() => this.access.forget(userId));
    return result;
  }
}
