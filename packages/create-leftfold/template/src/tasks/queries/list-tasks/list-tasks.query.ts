import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { TaskView } from '../../read-models/task-view/task-view.entity.js';

/** A page of tasks, sorted by id. */
@ReadsFrom(TaskView)
export class ListTasksQuery extends Query<TaskView[]> {
  constructor(
    readonly afterTaskId: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
