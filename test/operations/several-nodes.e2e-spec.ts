import type { NodeAnswer } from '../../packages/operations/src/nodes/node.answer.js';
import { appVersion } from '../../src/platform/config/app-version.js';
import { json, run } from '../cli/leftfold.js';
import { createAppDatabase } from '../support/app-database.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, pauseWholly, statusOf, until, USER_VIEW } from './operating.js';

let database: TestDatabase;
let apps: TestApp[];

beforeEach(() => {
  apps = [];
});

afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

async function start(role: 'all' | 'api'): Promise<TestApp> {
  const app = await TestApp.start(database, { ROLE: role });
  apps.push(app);
  return app;
}

it.each(DATABASE_KINDS)('a node carries out a request to another node, and both show it, on %s', async (kind) => {
  database = await createAppDatabase(kind);
  const [worker, api] = [await start('all'), await start('api')];
  const running = await worker.operator();
  const asking = api.personOf(running);
  const { owner } = await until(running, USER_VIEW, { state: 'live' });
  expect(await until(asking, USER_VIEW, { state: 'live' })).toMatchObject({ owner });

  await pauseWholly(asking, USER_VIEW);
  expect(await statusOf(running, USER_VIEW)).toMatchObject({ state: 'paused', owner: null });

  expectAccepted(await asking.post(`/subscriptions/${USER_VIEW}/resume`), { name: USER_VIEW });
  expect(await until(asking, USER_VIEW, { state: 'live', owner: expect.any(String) })).toMatchObject({ owner });

  expectAccepted(await asking.post(`/subscriptions/${USER_VIEW}/rebuild`), { name: USER_VIEW });
  const { rebuild } = await until(asking, USER_VIEW, {
    state: 'live',
    rebuild: expect.objectContaining({ state: 'done' }),
  });
  expect((await statusOf(running, USER_VIEW)).rebuild).toEqual(rebuild);

  const [first, second] = (await nodesOf(asking)).toSorted((one) => (one.id === owner ? -1 : 1));
  expect(first).toMatchObject({ id: owner, roles: ['api', 'worker'], version: appVersion() });
  expect(first!.ranges).toContainEqual({ subscription: USER_VIEW, from: 0, to: 1023 });
  expect(second).toMatchObject({ roles: ['api'], version: appVersion(), ranges: [] });
  const page = (await asking.get('/nodes?limit=1')).body as { items: NodeAnswer[]; nextCursor: string };
  const next = (await asking.get(`/nodes?limit=1&cursor=${page.nextCursor}`)).body as typeof page;
  expect([...page.items, ...next.items].map(({ id }) => id)).toEqual([first!.id, second!.id].toSorted());
  expect(next.nextCursor).toBeNull();
  const { stdout } = await run(database, 'nodes list');
  expect(stdout).toMatch(/^ID +ROLES +VERSION +STARTED +LAST SEEN +RUNS$/m);
  expect(stdout).toContain(owner);
  expect((await json<{ items: NodeAnswer[] }>(database, 'nodes list')).items).toHaveLength(2);
});

async function nodesOf(person: Person): Promise<NodeAnswer[]> {
  return ((await person.get('/nodes')).body as { items: NodeAnswer[] }).items;
}

it('a subscription stays paused after a restart of the application', async () => {
  database = await createTestDatabase('sqlite');
  const before = await start('all');
  await until(await before.operator(), USER_VIEW, { state: 'live' });
  await pauseWholly(await before.operator(), USER_VIEW);
  await before.close();
  apps = [];

  const operator = await (await start('all')).operator();
  const renamed = await operator.put(`${operator.path}/username`, { username: someNames().username });

  expect(await statusOf(operator, USER_VIEW)).toMatchObject({ state: 'paused', owner: null });
  await operator.post(`/subscriptions/${USER_VIEW}/resume`);
  await until(operator, USER_VIEW, { state: 'live', position: placeOf(renamed).position });
});
