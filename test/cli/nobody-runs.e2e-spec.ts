import type { SubscriptionAnswer } from '../../packages/operations/src/subscriptions/subscription.answer.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { USER_VIEW, WELCOME_MAIL } from '../operations/operating.js';
import { expectRefused, json, run } from './leftfold.js';

describe('the command line while no app runs', () => {
  let database: TestDatabase;
  let person: { userId: string; email: string };

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    // There is no operator yet, so a change by the start would show.
    const app = await TestApp.start(database, { OPERATOR_EMAIL: '', OPERATOR_PASSWORD: '' });
    person = await app.register();
    await eventually(() => expectHandled(database));
    await app.close();
  });

  afterAll(() => database.drop());

  it('changes the log and handles no events, with any role and operator in the environment', async () => {
    const states = await rowsOfState(database);

    const granted = await run(database, `users grant-role ${person.userId} operator`, {
      ROLE: 'worker',
      OPERATOR_EMAIL: 'another@example.com',
      OPERATOR_PASSWORD: 'operators have long ones',
    });
    const { items } = await json<{ items: SubscriptionAnswer[] }>(database, 'subscriptions list');

    expect(granted.code).toBe(0);
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining([USER_VIEW, WELCOME_MAIL]));
    expect(items.filter(({ owner, lag }) => owner !== null || lag === 0)).toEqual([]);
    expect(await rowsOfState(database)).toEqual(states);
    expect(await runSql(database.url, 'select actor from leftfold_events order by position')).toEqual([
      { actor: 'anonymous' },
      { actor: 'cli' },
    ]);
  });

  it('rebuilds a read model itself, and releases the lease', async () => {
    await runSql(database.viewsUrl, `delete from user_view where user_id = '${person.userId}'`);

    const rebuilt = await run(database, `subscriptions rebuild ${USER_VIEW}`);

    expect(rebuilt.code).toBe(0);
    expect(rebuilt.stdout).toMatch(/\nuser_view +1 +0 +0\n/);
    expect(rebuilt.stdout).toContain(`  added user_view user_id="${person.userId}"`);
    expect(await runSql(database.viewsUrl, `select email from user_view where user_id = '${person.userId}'`)).toEqual([
      { email: person.email },
    ]);
    const { owner, rebuild } = await json<SubscriptionAnswer>(database, `subscriptions show ${USER_VIEW}`);
    expect({ owner, state: rebuild?.state }).toEqual({ owner: null, state: 'done' });
  });

  it('fails when the rebuild fails', async () => {
    await runSql(database.viewsUrl, 'create view onlookers as select user_id from user_view');

    const failed = await run(database, `subscriptions rebuild ${USER_VIEW}`);

    await runSql(database.viewsUrl, 'drop view onlookers');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(
      /^The rebuild of users\.user-view FAILED, and the old rows stay in use: .*onlookers.*\n$/,
    );
  });

  it('pauses at once', async () => {
    const paused = await run(database, `subscriptions pause ${USER_VIEW}`);

    expect({ code: paused.code, stderr: paused.stderr }).toEqual({ code: 0, stderr: '' });
    expectRefused(await run(database, `subscriptions rebuild ${USER_VIEW}`), /^users\.user-view is paused, /);
  });
});

async function rowsOfState({ url, viewsUrl }: TestDatabase): Promise<unknown[]> {
  const columns = 'select name, position, handled, owner, epoch, version, types';
  return [
    ...(await runSql(viewsUrl, `${columns} from leftfold_read_models order by name`)),
    ...(await runSql(url, `${columns} from leftfold_subscriptions order by name`)),
  ];
}

/** The only registration, by both. */
async function expectHandled({ url, viewsUrl }: TestDatabase): Promise<void> {
  expect(await runSql(viewsUrl, 'select 1 from user_view')).toHaveLength(1);
  const done = `select 1 from leftfold_subscriptions where name = '${WELCOME_MAIL}' and position = 1`;
  expect(await runSql(url, done)).toHaveLength(1);
}
