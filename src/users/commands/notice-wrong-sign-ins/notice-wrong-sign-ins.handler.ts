import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { User } from '../../domain/user.aggregate.js';
import { NoticeWrongSignInsCommand } from './notice-wrong-sign-ins.command.js';

@CommandHandler(NoticeWrongSignInsCommand)
export class NoticeWrongSignInsHandler implements ICommandHandler<NoticeWrongSignInsCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ userId, now }: NoticeWrongSignInsCommand): Promise<void> {
    await this.aggregates.update(User, userId, (user) => user.noticeWrongSignIns(now));
  }
}
