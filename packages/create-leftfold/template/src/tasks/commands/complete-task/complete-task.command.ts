import { Command } from '@nestjs/cqrs';

export class CompleteTaskCommand extends Command<{ taskId: string }> {
  constructor(
    readonly taskId: string,
    readonly now: Date,
  ) {
    super();
  }
}
