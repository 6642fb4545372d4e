import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { anOperatorRemainsWithout } from '../../domain/an-operator-remains.js';
import { AccessDirectory } from '../../../platform/auth/access-directory.js';
import { User } from '../../domain/user.aggregate.js';
import { RevokeRoleCommand } from './revoke-role.command.js';

@CommandHandler(RevokeRoleCommand)
export class RevokeRoleHandler implements ICommandHandler<RevokeRoleCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly access: AccessDirectory,
  ) {}

  async execute({ userId, role }: RevokeRoleCommand): Promise<{ userId: string }> {
    const result = await this.aggregates.update(User, userId, (user) => user.revokeRole(role), {
      guard: role === 'operator' ? anOperatorRemainsWithout(userId) : undefined,
      result: { userId },
    });
    this.access.forget(userId);
    return result;
  }
}
