import { MessageContext } from '@leftfold/core';
import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NoticeWrongSignInsCommand } from '../commands/notice-wrong-sign-ins/notice-wrong-sign-ins.command.js';

/** Has a user told that many sign-ins were wrong. Nobody waits for it: a delay would tell that the user exists. */
@Injectable()
export class WrongSignInNotice {
  private readonly logger = new Logger('Sign-ins');

  constructor(
    private readonly commands: CommandBus,
    private readonly context: MessageContext,
  ) {}

  /** When the process dies before it is stored, the next wrong sign-in leads here again. */
  send(userId: string, now: Date): void {
    const origin = { actor: 'system', correlationId: this.context.origin.correlationId };
    this.context
      .run(origin, () => this.commands.execute(new NoticeWrongSignInsCommand(userId, now)))
      .catch((error: Error) => this.logger.warn(`No mail about wrong sign-ins yet: ${error.message}`));
  }
}
