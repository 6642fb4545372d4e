import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Task } from '../../domain/task.aggregate.js';
import { AddTaskCommand } from './add-task.command.js';

@CommandHandler(AddTaskCommand)
export class AddTaskHandler implements ICommandHandler<AddTaskCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ taskId, title, now }: AddTaskCommand): Promise<{ taskId: string }> {
    return this.aggregates.create(Task, Task.add(taskId, title, now), { result: { taskId } });
  }
}
