import { MessageContext } from '@leftfold/core';
import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NoticeWrongSignInsCommand } from '../commands/notice-wrong-sign-ins/notice-wrong-sign-ins.command.js';

/** Has a mail about wrong sign-ins sent to the user. Not awaited: a delay would reveal that the user exists. */
@Injectable()
export class WrongSignInNotice {
  private readonly logger = new Logger('Sign-ins');

  constructor(
    private readonly commands: CommandBus,
    private readonly context: MessageContext,
  ) {}

  /** If the process dies before it is stored, the next wrong sign-in triggers it again. */
  send(userId: string, now: Date): void {
    const origin = { actor: 'system', correlationId: this.context.origin.correlationId };
    this.context
      .run(origin, () => this.commands.execute(new NoticeWrongSignInsCommand(userId, now)))
      .catch((error: Error) => this.logger.warn(`No mail about wrong sign-ins yet: ${error.message}`));
  }
}
