import { type FindManyOptions, MoreThan, type Repository } from 'typeorm';
import { TaskView } from '../../read-models/task-view/task-view.entity.js';
import { TASK_ID } from '../../testing/task.fixtures.js';
import { ListTasksHandler } from './list-tasks.handler.js';
import { ListTasksQuery } from './list-tasks.query.js';

const row = Object.assign(new TaskView(), { taskId: TASK_ID });
const asked: FindManyOptions[] = [];
const rows = { find: (options: FindManyOptions) => (asked.push(options), Promise.resolve([row])) };
const handler = new ListTasksHandler(rows as unknown as Repository<TaskView>);

it('returns up to `limit` rows, in order, after the last one of the previous page', async () => {
  expect(await handler.execute(new ListTasksQuery(undefined, 2))).toEqual([row]);
  await handler.execute(new ListTasksQuery(TASK_ID, 3));

  expect(asked).toEqual([
    { where: {}, order: { taskId: 'ASC' }, take: 2 },
    { where: { taskId: MoreThan(TASK_ID) }, order: { taskId: 'ASC' }, take: 3 },
  ]);
});
