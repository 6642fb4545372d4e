import { TaskAdded } from '../events/task-added.event.js';
import { TaskCompleted } from '../events/task-completed.event.js';

export const TASK_ID = '018f2b6e-0000-7000-8000-000000000001';
export const TITLE = 'Water the plants';
export const NOW = new Date('2026-01-31T12:00:00.000Z');
export const LATER = new Date('2026-01-31T12:30:00.000Z');

export const anAddedTask = () => new TaskAdded(TASK_ID, TITLE, NOW.toISOString());
export const aCompletedTask = () => new TaskCompleted(TASK_ID, LATER.toISOString());
