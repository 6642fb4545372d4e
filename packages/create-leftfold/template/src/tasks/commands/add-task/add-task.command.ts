import { Command } from '@nestjs/cqrs';

export class AddTaskCommand extends Command<{ taskId: string }> {
  constructor(
    readonly taskId: string,
    readonly title: string,
    readonly now: Date,
  ) {
    super();
  }
}
