import type { SubscriptionAnswer } from '../../packages/operations/src/subscriptions/subscription.answer.js';
import { GREETING, leaveGone, pauseWholly, statusOf, until, USER_VIEW, WELCOME_MAIL } from '../operations/operating.js';
import type { Person } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, json, run } from './leftfold.js';

describe('subscriptions of a running app', () => {
  let app: TestApp;
  let operator: Person;
  let person: Person;

  beforeAll(async () => {
    // The app polls for requests of commands within a part of that time.
    app = await TestApp.start('sqlite', { LEASE_TTL: '2s' });
    operator = await app.operator();
    person = await app.customer();
    await app.caughtUpWith(person.signedIn);
    await until(operator, WELCOME_MAIL, { owner: expect.any(String) as string });
  });

  afterAll(() => app.close());

  const show = (name: string) => json<SubscriptionAnswer>(app.database, `subscriptions show ${name}`);

  it('are listed and shown, and no lease is taken', async () => {
    const before = await statusOf(operator, USER_VIEW);

    const { items } = await json<{ items: SubscriptionAnswer[] }>(app.database, 'subscriptions list');
    const table = await run(app.database, 'subscriptions list');

    expect(items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: USER_VIEW, kind: 'read-model', owner: before.owner, rebuild: null }),
        expect.objectContaining({ name: WELCOME_MAIL, kind: 'side-effect', owner: before.owner, rebuild: null }),
      ]),
    );
    expect(Object.keys(items[0]!)).toEqual(Object.keys(before));
    expect(table.stdout).toMatch(
      new RegExp(
        `^NAME +KIND +STATE +POSITION +LAG +PARKED +OWNER +LAST ERROR\n(?:.*\n)*${USER_VIEW} +read-model +[a-z-]+ +[\\d,]+ `,
      ),
    );
    expect((await statusOf(operator, USER_VIEW)).owner).toBe(before.owner);
  });

  it('are paused until no process runs them, and resumed', async () => {
    const paused = await run(app.database, `subscriptions pause ${WELCOME_MAIL}`);

    expect(paused.code).toBe(0);
    expect(paused.stdout).toMatch(/^users\.welcome-mail is paused at position \d+\. Resume it with: leftfold .*\n$/);
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'paused', owner: null });
    expect(await show(WELCOME_MAIL)).toMatchObject({ state: 'paused', owner: null });

    const resumed = await run(app.database, `subscriptions resume ${WELCOME_MAIL}`);

    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toMatch(/^users\.welcome-mail continues at position \d+[ ,].*\.\n$/);
    await until(operator, WELCOME_MAIL, { owner: expect.any(String) as string });
  });

  it('that are gone are shown, moved and discarded', async () => {
    const { database } = app;
    expect((await run(database, 'subscriptions gone')).stdout).toBe(
      'There are no gone subscriptions with remaining work.\n',
    );
    const id = await leaveGone(database.url);

    expectRefused(
      await run(database, `dead-letters retry ${id}`),
      /^This program has no subscription "users.greeting" any/,
    );
    expect((await run(database, 'subscriptions gone')).stdout).toMatch(
      new RegExp(`^NAME +POSITION +EVENTS +COMMANDS +OWNER\n${GREETING} +1 +1 +0  -\n$`),
    );
    expectRefused(await run(database, `subscriptions discard ${USER_VIEW}`), /^This program has the subscription /);
    expect((await run(database, `subscriptions move ${GREETING} ${WELCOME_MAIL}`)).stdout).toBe(
      `The remaining work of ${GREETING} was moved to ${WELCOME_MAIL}. Dead letters stay dead letters until they are retried.\n`,
    );
    await leaveGone(database.url);
    expect(await json(database, `subscriptions discard ${GREETING}`)).toEqual({ name: GREETING });
    expect(await json(database, 'subscriptions gone')).toEqual({ items: [] });
  });

  it('are not moved over an event at which they have not stopped', async () => {
    const [command, reason] = [`subscriptions skip ${WELCOME_MAIL} --event ${person.userId}`, ' --reason mistake'];
    expectRefused(await run(app.database, command + reason), /^"users.welcome-mail" has not stopped after an error/);
    expect((await run(app.database, command)).stderr).toMatch(/--reason <text>/);
  });

  it('a damaged read model is compared and left unchanged; then it is rebuilt', async () => {
    const { userId, email } = person;
    await runSql(app.database.viewsUrl, `update user_view set email = 'wrong' where user_id = '${userId}'`);

    const dry = await run(app.database, `subscriptions rebuild ${USER_VIEW} --dry-run`);

    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/^users\.user-view was compared with the log up to position \d+\. Its rows were/);
    expect(dry.stdout).toMatch(/\nTABLE +ADDED +REMOVED +CHANGED\nuser_view +0 +0 +1\n\nThe first differences:\n/);
    expect(dry.stdout).toContain(`  changed user_view user_id="${userId}": email "wrong" is now "${email}"`);
    expect(dry.stderr).toMatch(/^(\d+ % {2}[\d,]+ of [\d,]+ positions.*\n)+$/);
    expect((await operator.get(`/users/${userId}`)).body).toMatchObject({ email: 'wrong' });

    const done = await run(app.database, `subscriptions rebuild ${USER_VIEW} --json`);

    expect(done.code).toBe(0);
    const comparison = [{ table: 'user_view', added: 0, removed: 0, changed: 1 }];
    expect(JSON.parse(done.stdout)).toMatchObject({
      name: USER_VIEW,
      rebuild: { state: 'done', dryRun: false, comparison },
    });
    expect((await operator.get(`/users/${userId}`)).body).toMatchObject({ email });
  });

  it.each([
    ['show nobody', 'There is no subscription "nobody".'],
    [`rebuild ${WELCOME_MAIL}`, `"${WELCOME_MAIL}" is no read model, and only a read model can be rebuilt.`],
  ])('refuses %s', async (line, sentence) => {
    expectRefused(await run(app.database, `subscriptions ${line}`), sentence);
  });

  it('a paused read model is not rebuilt, and nothing is requested', async () => {
    await pauseWholly(operator, USER_VIEW);
    const { rebuild: before } = await statusOf(operator, USER_VIEW);

    expectRefused(
      await run(app.database, `subscriptions rebuild ${USER_VIEW}`),
      `${USER_VIEW} is paused, so it is not rebuilt. Resume it with "leftfold subscriptions resume ${USER_VIEW}".`,
    );

    expect((await statusOf(operator, USER_VIEW)).rebuild).toEqual(before);
  });
});
