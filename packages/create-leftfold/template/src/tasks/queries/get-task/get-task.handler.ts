import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Repository } from 'typeorm';
import { TaskNotFoundError } from '../../domain/task.errors.js';
import { TaskView } from '../../read-models/task-view/task-view.entity.js';
import { GetTaskQuery } from './get-task.query.js';

@QueryHandler(GetTaskQuery)
export class GetTaskHandler implements IQueryHandler<GetTaskQuery> {
  constructor(@InjectReadModelRepository(TaskView) private readonly tasks: Repository<TaskView>) {}

  async execute({ taskId }: GetTaskQuery): Promise<TaskView> {
    const found = await this.tasks.findOneBy({ taskId });
    if (!found) throw TaskNotFoundError.withId(taskId);
    return found;
  }
}
