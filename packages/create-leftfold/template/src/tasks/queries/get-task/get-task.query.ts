import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { TaskView } from '../../read-models/task-view/task-view.entity.js';

@ReadsFrom(TaskView)
export class GetTaskQuery extends Query<TaskView> {
  constructor(readonly taskId: string) {
    super();
  }
}
