import { Decisions, existing, MessageContext } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Operators } from '../../domain/operators.js';
import { AccessDirectory } from '../../../platform/auth/access-directory.js';
import { User } from '../../domain/user.aggregate.js';
import { RevokeRoleCommand } from './revoke-role.command.js';

@CommandHandler(RevokeRoleCommand)
export class RevokeRoleHandler implements ICommandHandler<RevokeRoleCommand> {
  constructor(
    private readonly decisions: Decisions,
    private readonly access: AccessDirectory,
    private readonly context: MessageContext,
  ) {}

  async execute({ userId, role }: RevokeRoleCommand): Promise<{ userId: string }> {
    const participants = { user: existing(User, userId), operators: Operators.all() };
    const result = await this.decisions.decide(participants, ({ user, operators }) => {
      if (role === 'operator') operators.refuseWithout(userId);
      user.revokeRole(role);
      return { userId };
    });
    await this.context.afterStored(() => this.access.forget(userId));
    return result;
  }
}
