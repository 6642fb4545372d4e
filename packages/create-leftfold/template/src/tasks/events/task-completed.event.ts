import { DomainEvent } from '@leftfold/core';

@DomainEvent('tasks.task-completed')
export class TaskCompleted {
  declare readonly type: 'tasks.task-completed';

  constructor(
    readonly taskId: string,
    readonly completedAt: string,
  ) {}
}
