import { aCompletedTask, anAddedTask, LATER, NOW, TASK_ID, TITLE } from '../../testing/task.fixtures.js';
import { evolveTaskView } from './evolve-task-view.js';

describe('a row of task-view', () => {
  const added = evolveTaskView(undefined, anAddedTask(), { version: 1 });

  it('starts with the values of the added task', () =>
    expect(added).toEqual({
      taskId: TASK_ID,
      title: TITLE,
      addedAt: NOW.toISOString(),
      completedAt: null,
      version: 1,
    }));

  it('shows when the task was completed', () =>
    expect(evolveTaskView(added, aCompletedTask(), { version: 2 })).toMatchObject({
      title: TITLE,
      completedAt: LATER.toISOString(),
      version: 2,
    }));
});
