import { TaskAdded } from './task-added.event.js';
import { TaskCompleted } from './task-completed.event.js';

/** All events of a task's stream. Add a new event here first; the compiler then shows what is missing. */
export const TASK_EVENTS = [TaskAdded, TaskCompleted] as const;

export type TaskEvent = InstanceType<(typeof TASK_EVENTS)[number]>;
