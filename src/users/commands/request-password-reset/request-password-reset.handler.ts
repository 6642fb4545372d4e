import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { RegisteredUsers } from '../../domain/registered-users.js';
import { User } from '../../domain/user.aggregate.js';
import { RequestPasswordResetCommand } from './request-password-reset.command.js';

const HOUR = 60 * 60 * 1_000;

@CommandHandler(RequestPasswordResetCommand)
export class RequestPasswordResetHandler implements ICommandHandler<RequestPasswordResetCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly users: RegisteredUsers,
  ) {}

  async execute({ email, now }: RequestPasswordResetCommand): Promise<void> {
    const userId = await this.users.findByEmail(email);
    if (!userId) return;
    const reset = { resetId: uuidv7(), expiresAt: new Date(now.getTime() + HOUR).toISOString() };
    await this.aggregates.update(User, userId, (user) => {
      // An answer would tell that there was such a user.
      if (!user.forgotten) user.requestPasswordReset(reset);
    });
  }
}
