import { AggregateRepository, EventLogUnavailableError, MessageContext } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AccessDirectory } from '../../platform/auth/access-directory.js';
import { User } from '../domain/user.aggregate.js';
import { Credentials } from './credentials.js';

/**
 * Replaces a password: the new hash is stored first, then the event that names it. The log decides which hash is current, so a
 * crash at any line leaves the user with a valid one.
 */
@Injectable()
export class NewPassword {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly credentials: Credentials,
    private readonly access: AccessDirectory,
    private readonly context: MessageContext,
  ) {}

  /** @param decide changes to the password with this id, or throws */
  async put(
    userId: string,
    password: string,
    decide: (user: User, passwordId: string) => void,
  ): Promise<{ userId: string }> {
    const passwordId = uuidv7();
    await this.credentials.put(userId, password, passwordId);
    let replaced: string | undefined;
    try {
      const decision = (user: User): void => {
        replaced = undefined;
        const before = user.passwordId;
        decide(user, passwordId);
        replaced = before;
      };
      const result = await this.aggregates.update(User, userId, decision, { result: { userId } });
      await this.context.afterStored(async () => {
        this.access.forget(userId);
        // A repeat decides nothing: it gets the first answer.
        await this.credentials.discardPassword(userId, replaced ?? passwordId);
      });
      return result;
    } catch (error) {
      // Without an answer it is unknown which hash is current; the sweep asks the log later.
      if (!(error instanceof EventLogUnavailableError)) await this.credentials.discardPassword(userId, passwordId);
      throw error;
    }
  }
}
