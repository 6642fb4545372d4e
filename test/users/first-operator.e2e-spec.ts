import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { OPERATOR, TestApp } from '../support/test-app.js';

const WITHOUT_OPERATOR = { OPERATOR_EMAIL: undefined, OPERATOR_PASSWORD: undefined };

describe.each(DATABASE_KINDS)('the first operator on %s', (kind) => {
  let database: TestDatabase;
  const running = new Set<TestApp>();

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    for (const app of running) await stop(app);
    await database.drop();
  });

  async function start(env?: Record<string, string | undefined>): Promise<TestApp> {
    const app = await TestApp.start(database, env);
    running.add(app);
    return app;
  }

  async function stop(app: TestApp): Promise<void> {
    running.delete(app);
    await app.close();
  }

  const stored = (): Promise<Record<string, unknown>[]> =>
    runSql(database.url, 'select type, actor, data from events order by position');
  const hashes = (): Promise<unknown[]> => runSql(database.url, 'select user_id from credentials');

  it('is there when the app is, and can sign in', async () => {
    const app = await start();

    const olga = await app.operator();

    const { items } = (await olga.get('/events')).body as { items: { type: string; actor: string; data: object }[] };
    const { userId } = olga;
    expect(items.map(({ type, actor, data }) => ({ type, actor, data }))).toEqual([
      { type: 'users.user-registered', actor: 'system', data: { userId, username: 'olga', email: OPERATOR.email } },
      { type: 'users.role-granted', actor: 'system', data: { userId, role: 'operator' } },
      { type: 'users.user-logged-in', actor: 'anonymous', data: { userId, loginTime: expect.any(String) } },
    ]);
  });

  it('is made once, however often the app starts', async () => {
    await stop(await start());
    const before = await stored();

    await stop(await start());
    await stop(await start({ OPERATOR_PASSWORD: 'another one, set later' }));

    expect(before).toHaveLength(2);
    expect(await stored()).toEqual(before);
    const app = await start();
    expect((await (await app.operator()).get('/events')).status).toBe(200);
  });

  it('is made once by nodes that start together', async () => {
    const nodes = await Promise.all(Array.from({ length: 3 }, () => start()));

    for (const node of nodes) expect((await (await node.operator()).get('/events')).status).toBe(200);
    expect((await stored()).map(({ type }) => type).slice(0, 2)).toEqual([
      'users.user-registered',
      'users.role-granted',
    ]);
    expect((await stored()).filter(({ type }) => type !== 'users.user-logged-in')).toHaveLength(2);
    expect(await hashes()).toHaveLength(1);
  });

  it('is not made without being asked for', async () => {
    const app = await start(WITHOUT_OPERATOR);

    expect(await stored()).toEqual([]);
    expectProblem(await app.anyone.post('/sessions', OPERATOR_LOGIN), 401, 'wrong-credentials');
  });

  it('is no customer who has the address already: the start says so, and stores nothing', async () => {
    await registerCustomer({ email: OPERATOR.email.toUpperCase() });
    const before = [await stored(), await hashes()];

    await expect(start()).rejects.toThrow(/^OPERATOR_EMAIL .*customer.*\.$/);

    expect([await stored(), await hashes()]).toEqual(before);
  });

  it('needs a user name that is free: the start says so, and stores nothing', async () => {
    await registerCustomer({ username: 'Olga' });
    const before = await stored();

    await expect(start()).rejects.toThrow(/^OPERATOR_EMAIL .*\bolga\b.*\.$/);

    expect(await stored()).toEqual(before);
  });

  it('stays the only one after moving to another address', async () => {
    const app = await start();
    const olga = await app.operator();
    await olga.put(`${olga.path}/email`, { email: someNames().email });
    await stop(app);
    const before = await stored();

    await stop(await start());

    expect(await stored()).toEqual(before);
  });

  it('who moved to another address leaves the old one to a customer, and the app starts all the same', async () => {
    const app = await start();
    const olga = await app.operator();
    await olga.put(`${olga.path}/email`, { email: someNames().email });
    const ann = await app.customer({ email: OPERATOR.email });
    await stop(app);

    const again = await start();

    expectProblem(await again.personOf(ann).get('/events'), 403, 'forbidden');
  });

  it('is whoever has the address and is an operator already', async () => {
    const other = await start({ OPERATOR_EMAIL: 'otto@example.com' });
    const olga = await other.register({ email: OPERATOR.email });
    await (await other.signIn({ ...OPERATOR, email: 'otto@example.com' })).put(`/users/${olga.userId}/roles/operator`);
    await stop(other);
    const before = await stored();

    await stop(await start());

    expect(await stored()).toEqual(before);
  });

  async function registerCustomer(names: { email?: string; username?: string }): Promise<void> {
    const app = await start(WITHOUT_OPERATOR);
    await app.register(names);
    await stop(app);
  }
});

const OPERATOR_LOGIN = { email: OPERATOR.email, password: OPERATOR.password };
