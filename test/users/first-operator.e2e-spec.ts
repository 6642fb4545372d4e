import { AggregateRepository, EventLog, MessageContext } from '@leftfold/core';
import { CommandBus } from '@nestjs/cqrs';
import { Settings } from '../../src/platform/config/settings.js';
import { RegisteredUsers } from '../../src/users/domain/registered-users.js';
import { FirstOperator } from '../../src/users/first-operator.js';
import { createTestDatabase, DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { type Row, runSql, usersWithHash } from '../../packages/core/test/support/stored-rows.js';
import { OPERATOR, TestApp } from '../support/test-app.js';

const { email, password } = OPERATOR;

it.each(DATABASE_KINDS)('is made once by nodes that start at the same time, on %s', async (kind) => {
  const database = await createTestDatabase(kind);
  const nodes = await Promise.all([TestApp.start(database), TestApp.start(database)]);

  for (const node of nodes) expect((await (await node.operator()).get('/events')).status).toBe(200);
  const { userId } = await nodes[0].operator();
  const events = await nodes[0].eventsAfter(0);
  const login = { type: 'users.user-logged-in', actor: 'anonymous', data: { userId, loginTime: expect.any(String) } };
  expect(events.map(({ type, actor, data }) => ({ type, actor, data }))).toEqual([
    { type: 'users.user-registered', actor: 'system', data: { userId, username: 'olga', email } },
    { type: 'users.role-granted', actor: 'system', data: { userId, role: 'operator' } },
    login,
    login,
  ]);
  expect(await usersWithHash(database.url)).toEqual([userId]);

  for (const node of nodes) await node.close();
  await database.drop();
});

it('that can’t be made prevents the start of the application', async () => {
  const database = await createTestDatabase('sqlite');
  const before = await TestApp.start(database, { OPERATOR_EMAIL: undefined, OPERATOR_PASSWORD: undefined });
  await before.register({ email });
  await before.close();

  await expect(TestApp.start(database)).rejects.toThrow(/^OPERATOR_EMAIL /);
  await database.drop();
});

describe('at the start of an application', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start('sqlite', { OPERATOR_EMAIL: undefined, OPERATOR_PASSWORD: undefined });
  });

  afterEach(() => app.close());

  /** What the application does at its start. */
  function start(operator: Settings['operator'] = { email, password }): Promise<void> {
    const { nest } = app;
    return new FirstOperator(
      Object.assign(Object.create(nest.get(Settings)), { operator }) as Settings,
      nest.get(EventLog),
      nest.get(RegisteredUsers),
      nest.get(AggregateRepository),
      nest.get(CommandBus),
      nest.get(MessageContext),
    ).onApplicationBootstrap();
  }

  const kept = async (): Promise<[Row[], string[]]> => [
    await runSql(app.database.url, 'select type, actor, data from leftfold_events order by position'),
    await usersWithHash(app.database.url),
  ];

  it('is made once over many starts, and keeps the first password', async () => {
    await start();
    const before = await kept();

    await start();
    await start({ email, password: 'another one, set later' });

    expect(before[0]).toHaveLength(2);
    expect(await kept()).toEqual(before);
    expect((await (await app.operator()).get('/events')).status).toBe(200);
  });

  it('is not made without the settings', async () => {
    expect(await kept()).toEqual([[], []]);
    expectProblem(await app.anyone.post('/sessions', { email, password }), 401, 'wrong-credentials');
  });

  it.each([
    [
      'is refused when a customer has the address',
      { email: email.toUpperCase() },
      /^OPERATOR_EMAIL .*customer.*\.$/,
      1,
    ],
    // The hash of the operator's password stays for the sweep.
    ['needs a free user name', { username: 'Olga' }, /^OPERATOR_EMAIL .*\bolga\b.*\.$/, 2],
  ])('%s: the start fails with a sentence, and stores no event', async (_what, names, message, hashCount) => {
    await app.register(names);
    const [before] = await kept();

    await expect(start()).rejects.toThrow(message);

    const [after, left] = await kept();
    expect(after).toEqual(before);
    expect(left).toHaveLength(hashCount);
  });

  it('stays the only one after a change of address, also when a customer takes the old one', async () => {
    await start();
    const olga = await app.operator();
    await olga.put(`${olga.path}/email`, { email: someNames().email, currentPassword: olga.password });
    const before = await kept();
    await start();
    expect(await kept()).toEqual(before);

    const ann = await app.customer({ email });
    await start();

    expectProblem(await ann.get('/events'), 403, 'forbidden');
  });

  it('is an operator who already has the address', async () => {
    await start({ email: 'otto@example.com', password });
    const otto = await app.signIn({ ...OPERATOR, email: 'otto@example.com' });
    const { userId } = await app.register({ email });
    await otto.put(`/users/${userId}/roles/operator`);
    const before = await kept();

    await start();

    expect(await kept()).toEqual(before);
  });
});
