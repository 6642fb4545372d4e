import { Command } from '@nestjs/cqrs';

export class NoticeWrongSignInsCommand extends Command<void> {
  constructor(
    readonly userId: string,
    readonly now: Date,
  ) {
    super();
  }
}
