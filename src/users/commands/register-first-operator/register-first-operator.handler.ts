import { AggregateExistsError, Decisions } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Credentials } from '../../credentials/credentials.js';
import { FreeNames } from '../../domain/free-names.js';
import { User } from '../../domain/user.aggregate.js';
import { RegisterFirstOperatorCommand } from './register-first-operator.command.js';

@CommandHandler(RegisterFirstOperatorCommand)
export class RegisterFirstOperatorHandler implements ICommandHandler<RegisterFirstOperatorCommand> {
  constructor(
    private readonly decisions: Decisions,
    private readonly credentials: Credentials,
    private readonly names: FreeNames,
  ) {}

  /** Nodes that start at the same time use the same id and password: the slower one finds the operator there. */
  async execute({ userId, username, email, password }: RegisterFirstOperatorCommand): Promise<{ userId: string }> {
    await this.credentials.put(userId, password);
    const { claims, refuseTaken } = await this.names.want(userId, { email, username });
    try {
      await this.decisions.decide({ claims }, (states, changes) => {
        refuseTaken(states.claims);
        const operator = User.register(userId, username, email);
        operator.grantRole('operator');
        changes.create(User, operator);
      });
    } catch (error) {
      if (!(error instanceof AggregateExistsError)) throw error;
    }
    return { userId };
  }
}
