import { DomainEvent } from '@leftfold/core';

@DomainEvent('tasks.task-added')
export class TaskAdded {
  declare readonly type: 'tasks.task-added';

  constructor(
    readonly taskId: string,
    readonly title: string,
    readonly addedAt: string,
  ) {}
}
