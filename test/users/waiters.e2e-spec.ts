import { Databases } from '@leftfold/core';
import { WAITER_LIMITS } from '../../packages/core/src/read-models/waiter-count.js';
import { watchingReads } from '../../packages/core/test/support/watched-reads.js';
import type { Client } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NEVER = { 'leftfold-min-position': String(Number.MAX_SAFE_INTEGER) };

describe('queries that wait for a position that never comes', () => {
  let database: TestDatabase;
  let app: TestApp;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const following = await TestApp.start(database);
    [ann, bob] = [await following.customer(), await following.customer()];
    await following.caughtUpWith(bob.signedIn);
    await following.close();
    // It runs no read models, so it has to look at the database.
    app = await TestApp.start(database, { ROLE: 'api', READ_WAIT_LIMIT: '4s' }, { connections: 10 });
    [ann, bob] = [app.personOf(ann), app.personOf(bob)];
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  /** The statements for callers who waited as long as they could. */
  const statementsFor = async (waiters: () => Promise<unknown>): Promise<number> => {
    let statements = 0;
    await watchingReads(app.nest.get(Databases).events, () => (statements += 1), waiters);
    return statements;
  };
  const wait = (caller: Client, path: string, times: number) =>
    Promise.all(Array.from({ length: times }, () => caller.get(path, NEVER)));

  it('cost the database as much as one, and leave room for signed-in users', async () => {
    const most = WAITER_LIMITS.perCaller;
    const one = await statementsFor(() => wait(bob, '/users/me', 1));

    const many = await statementsFor(async () => {
      const anonymous = wait(app.anyone, '/products/none', most + 20);
      const signedIn = wait(ann, '/users/me', most);
      expect((await bob.get('/users/me')).status).toBe(200);
      // How many are refused at once depends on how many come before the first have waited long enough. The limit itself
      // is a unit test's.
      await anonymous;
      for (const answer of await signedIn) expectProblem(answer, 503, 'read-model-behind');
    });

    expect(one).toBeGreaterThan(10);
    // 200 times as many when each polls separately. Each caller is looked up once, also one whose request arrives slowly.
    expect(many / one).toBeLessThan(8);
  });
});

it('leave nine of ten places to signed-in users', () =>
  expect(WAITER_LIMITS.perCaller * 10).toBeLessThanOrEqual(WAITER_LIMITS.all));
