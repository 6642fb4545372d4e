import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, pauseWholly, statusOf, until, USER_VIEW } from './operating.js';

describe.each(DATABASE_KINDS)('what was asked of one node, on %s', (kind) => {
  let database: TestDatabase;
  let apps: TestApp[];

  beforeEach(async () => {
    database = await createTestDatabase(kind);
    apps = [];
  });

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await database.drop();
  });

  const start = async (role: 'all' | 'api'): Promise<TestApp> => {
    const app = await TestApp.start(database, { ROLE: role });
    apps.push(app);
    return app;
  };

  it('is done by the one that runs the subscription, and shown by both', async () => {
    const [worker, api] = [await start('all'), await start('api')];
    const running: Person = await worker.operator();
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
  });

  it('stays paused when the application starts again', async () => {
    const before = await start('all');
    await until(await before.operator(), USER_VIEW, { state: 'live' });
    await pauseWholly(await before.operator(), USER_VIEW);
    await before.close();
    apps = [];

    const after = await start('all');
    const operator = await after.operator();
    const renamed = await operator.put(`${operator.path}/username`, { username: someNames().username });

    expect(await statusOf(operator, USER_VIEW)).toMatchObject({ state: 'paused', owner: null });
    await operator.post(`/subscriptions/${USER_VIEW}/resume`);
    await until(operator, USER_VIEW, { state: 'live', position: placeOf(renamed).position });
  });
});
