import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { MoreThan, Repository } from 'typeorm';
import { TaskView } from '../../read-models/task-view/task-view.entity.js';
import { ListTasksQuery } from './list-tasks.query.js';

@QueryHandler(ListTasksQuery)
export class ListTasksHandler implements IQueryHandler<ListTasksQuery> {
  constructor(@InjectReadModelRepository(TaskView) private readonly tasks: Repository<TaskView>) {}

  execute({ afterTaskId, limit }: ListTasksQuery): Promise<TaskView[]> {
    return this.tasks.find({
      where: afterTaskId === undefined ? {} : { taskId: MoreThan(afterTaskId) },
      order: { taskId: 'ASC' },
      take: limit,
    });
  }
}
