import { specOf } from '@leftfold/core/testing';
import { aCompletedTask, anAddedTask, LATER, NOW, TASK_ID, TITLE } from '../testing/task.fixtures.js';
import { Task } from './task.aggregate.js';
import { TaskNotFoundError } from './task.errors.js';

describe('a task', () => {
  it('refuses an unknown id', () =>
    expect(TaskNotFoundError.withId(TASK_ID).message).toBe(`There is no task ${TASK_ID}.`));

  it('is added', () =>
    specOf(Task, TASK_ID)
      .whenCreated((id) => Task.add(id, TITLE, NOW))
      .thenEvents(anAddedTask()));

  it('is completed', () =>
    specOf(Task, TASK_ID)
      .given(anAddedTask())
      .when((task) => task.complete(LATER))
      .thenEvents(aCompletedTask()));

  it('is completed once', () =>
    specOf(Task, TASK_ID)
      .given(anAddedTask(), aCompletedTask())
      .when((task) => task.complete(LATER))
      .thenNothing());
});
