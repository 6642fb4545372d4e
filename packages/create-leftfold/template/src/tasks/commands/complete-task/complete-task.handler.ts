import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Task } from '../../domain/task.aggregate.js';
import { CompleteTaskCommand } from './complete-task.command.js';

@CommandHandler(CompleteTaskCommand)
export class CompleteTaskHandler implements ICommandHandler<CompleteTaskCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ taskId, now }: CompleteTaskCommand): Promise<{ taskId: string }> {
    return this.aggregates.update(Task, taskId, (task) => task.complete(now), { result: { taskId } });
  }
}
