import { type Forgetting, MessageContext } from '@leftfold/core';
import { ForgettingAgain } from '@leftfold/operations';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { ForgetUserCommand } from '../commands/forget-user/forget-user.command.js';
import { UserNotFoundError } from '../domain/user.errors.js';

/** Forgets users again whom a restored backup has brought back. */
@Injectable()
export class RestoredUsers extends ForgettingAgain {
  constructor(
    private readonly commands: CommandBus,
    private readonly context: MessageContext,
  ) {
    super();
  }

  async forget({ subject, eventId }: Forgetting): Promise<boolean> {
    const reason = `forgotten before by event ${eventId}, which a restored backup has lost`;
    try {
      await this.context.run({ actor: 'cli', correlationId: uuidv7() }, () =>
        this.commands.execute(new ForgetUserCommand(subject, { reason }, new Date())),
      );
      return true;
    } catch (error) {
      // The backup is from before the user registered.
      if (error instanceof UserNotFoundError) return false;
      throw error;
    }
  }
}
