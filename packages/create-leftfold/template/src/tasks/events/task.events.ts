import { TaskAdded } from './task-added.event.js';
import { TaskCompleted } from './task-completed.event.js';

/** Everything that can stand in the stream of a task. Add here first; the compiler names the rest. */
export const TASK_EVENTS = [TaskAdded, TaskCompleted] as const;

export type TaskEvent = InstanceType<(typeof TASK_EVENTS)[number]>;
