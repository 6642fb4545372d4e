import { ExpectedError } from '@leftfold/core';

export class TaskNotFoundError extends ExpectedError {
  readonly code = 'task-not-found';
  readonly kind = 'not-found';

  static withId(id: string): TaskNotFoundError {
    return new TaskNotFoundError(`There is no task ${id}.`);
  }
}
