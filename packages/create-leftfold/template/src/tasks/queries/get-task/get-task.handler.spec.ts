import type { Repository } from 'typeorm';
import { TaskNotFoundError } from '../../domain/task.errors.js';
import { TaskView } from '../../read-models/task-view/task-view.entity.js';
import { TASK_ID } from '../../testing/task.fixtures.js';
import { GetTaskHandler } from './get-task.handler.js';
import { GetTaskQuery } from './get-task.query.js';

const row = Object.assign(new TaskView(), { taskId: TASK_ID });
const rows = {
  findOneBy: ({ taskId }: Partial<TaskView>) => Promise.resolve(taskId === row.taskId ? row : null),
};
const handler = new GetTaskHandler(rows as unknown as Repository<TaskView>);

it('returns the row with the id', async () => {
  expect(await handler.execute(new GetTaskQuery(TASK_ID))).toBe(row);
});

it('throws when there is none', async () => {
  await expect(handler.execute(new GetTaskQuery('another'))).rejects.toThrow(TaskNotFoundError);
});
