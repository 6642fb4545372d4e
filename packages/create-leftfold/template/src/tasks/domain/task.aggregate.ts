import { Aggregate, AggregateRoot, unreachable } from '@leftfold/core';
import { TaskAdded } from '../events/task-added.event.js';
import { TaskCompleted } from '../events/task-completed.event.js';
import { TASK_EVENTS, type TaskEvent } from '../events/task.events.js';
import { TaskNotFoundError } from './task.errors.js';

/** Decides about one task. Decision methods come first, `evolve` last. */
@Aggregate({ category: 'task', events: TASK_EVENTS, notFound: (id) => TaskNotFoundError.withId(id) })
export class Task extends AggregateRoot<TaskEvent> {
  private isCompleted = false;

  static add(id: string, title: string, now: Date): Task {
    const task = new Task(id);
    task.apply(new TaskAdded(id, title, now.toISOString()));
    return task;
  }

  complete(now: Date): void {
    if (this.isCompleted) return;
    this.apply(new TaskCompleted(this.id, now.toISOString()));
  }

  protected evolve(event: TaskEvent): void {
    switch (event.type) {
      case 'tasks.task-added':
        return;
      case 'tasks.task-completed':
        this.isCompleted = true;
        return;
      default:
        unreachable(event);
    }
  }
}
