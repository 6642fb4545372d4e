import { unreachable } from '@leftfold/core';
import type { TaskEvent } from '../../events/task.events.js';
import { TaskView } from './task-view.entity.js';

/** Folds one event into the row. */
export function evolveTaskView(
  before: TaskView | undefined,
  event: TaskEvent,
  { version }: { readonly version: number },
): TaskView {
  const row = Object.assign(new TaskView(), before, { taskId: event.taskId, version });
  switch (event.type) {
    case 'tasks.task-added':
      row.title = event.title;
      row.addedAt = event.addedAt;
      row.completedAt = null;
      return row;
    case 'tasks.task-completed':
      row.completedAt = event.completedAt;
      return row;
    default:
      return unreachable(event);
  }
}
