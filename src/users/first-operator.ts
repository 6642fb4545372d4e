import { AggregateRepository, EventLog, MessageContext } from '@leftfold/core';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { SettingsError } from '../platform/config/settings.error.js';
import { Settings } from '../platform/config/settings.js';
import { RegisterFirstOperatorCommand } from './commands/register-first-operator/register-first-operator.command.js';
import { RegisteredUsers } from './domain/registered-users.js';
import { User } from './domain/user.aggregate.js';
import { UsernameTakenError, UsernameTooSimilarError } from './domain/user.errors.js';

/** Makes the first operator, once in the life of a log, before the application is ready. */
@Injectable()
export class FirstOperator implements OnApplicationBootstrap {
  private readonly logger = new Logger(FirstOperator.name);

  constructor(
    private readonly settings: Settings,
    private readonly log: EventLog,
    private readonly users: RegisteredUsers,
    private readonly aggregates: AggregateRepository,
    private readonly commands: CommandBus,
    private readonly context: MessageContext,
  ) {}

  /** @throws SettingsError when the address is a customer's, or the user name that goes with it is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { operator } = this.settings;
    if (!operator) return;
    const userId = uuidv5('first operator', await this.log.id());
    // Checked first: a user who took an address that the operator gave up must not prevent a start.
    if (await this.exists(userId)) return;
    const holder = await this.users.findByEmail(operator.email);
    if (holder) return this.refuseCustomer(holder);
    await this.register(userId, operator);
    this.logger.log(`Made the first operator, user ${userId}.`);
  }

  private async register(userId: string, { email, password }: { email: string; password: string }): Promise<void> {
    const username = email.slice(0, email.lastIndexOf('@'));
    try {
      await this.context.run({ actor: 'system', correlationId: uuidv7() }, () =>
        this.commands.execute(new RegisterFirstOperatorCommand(userId, username, email, password)),
      );
    } catch (error) {
      if (!(error instanceof UsernameTakenError || error instanceof UsernameTooSimilarError)) throw error;
      throw new SettingsError(
        'OPERATOR_EMAIL',
        `gives the user name ${username}, which is taken, or looks like one that is; choose another address.`,
      );
    }
  }

  private async refuseCustomer(holder: string): Promise<void> {
    const user = await this.aggregates.load(User, holder);
    if (user.roles.includes('operator')) return;
    throw new SettingsError('OPERATOR_EMAIL', 'is the address of a customer; choose another address for the operator.');
  }

  private async exists(userId: string): Promise<boolean> {
    for await (const _ of this.log.readStream(`user-${userId}`, { limit: 1 })) return true;
    return false;
  }
}
