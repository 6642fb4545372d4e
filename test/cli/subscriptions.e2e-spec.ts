import type { SubscriptionAnswer } from '../../src/operations/subscription.answer.js';
import { killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { OPERATOR } from '../support/test-app.js';
import { runSql } from '../support/stored-rows.js';
import { ServedApp } from '../support/served-app.js';
import { pauseWholly, statusOf, USER_VIEW, WELCOME_MAIL } from '../operations/operating.js';
import type { Person } from '../support/people.js';
import { expectRefused, Leftfold, SEVERAL_COMMANDS } from './leftfold.js';
import { WritingPeople } from './writing-people.js';

describe.each(DATABASE_KINDS)('subscriptions of an app that runs and writes, on %s', (kind) => {
  let leftfold: Leftfold;
  let database: TestDatabase;
  let app: ServedApp;
  let operator: Person;
  let writing: WritingPeople;

  beforeAll(async () => {
    leftfold = await Leftfold.built();
    database = await createTestDatabase(kind);
    app = await ServedApp.start((await builtApp()).main, database);
    operator = await app.signIn(OPERATOR);
    writing = await WritingPeople.of(app);
    writing.start();
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await writing.stop();
    await killLeftovers();
    await database.drop();
  });

  const show = (name: string) => leftfold.json<SubscriptionAnswer>(database, ['subscriptions', 'show', name]);

  it(
    'lists and shows them, and takes none of them over',
    async () => {
      const before = await statusOf(operator, USER_VIEW);

      const { items } = await leftfold.json<{ items: SubscriptionAnswer[] }>(database, ['subscriptions', 'list']);
      const table = await leftfold.run(database, ['subscriptions', 'list']);

      expect(items).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: USER_VIEW, kind: 'read-model', owner: before.owner, rebuild: null }),
          expect.objectContaining({ name: WELCOME_MAIL, kind: 'side-effect', owner: before.owner, rebuild: null }),
        ]),
      );
      expect(Object.keys(items[0]!)).toEqual(Object.keys(before));
      expect(before.owner).toContain(`/${app.process.pid}/`);
      expect(table.stdout).toMatch(
        new RegExp(
          `^NAME +KIND +STATE +POSITION +LAG +PARKED +OWNER +LAST ERROR\n(?:.*\n)*${USER_VIEW} +read-model +[a-z-]+ +[\\d,]+ `,
        ),
      );
      expect((await statusOf(operator, USER_VIEW)).owner).toBe(before.owner);
    },
    SEVERAL_COMMANDS,
  );

  it(
    'pauses one until nobody has it, and lets it go on',
    async () => {
      const paused = await leftfold.run(database, ['subscriptions', 'pause', WELCOME_MAIL]);

      expect(paused.code).toBe(0);
      expect(paused.stdout).toMatch(
        /^users\.welcome-mail is paused at position \d+\. Let it go on with: leftfold .*\n$/,
      );
      expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'paused', owner: null });
      expect(await show(WELCOME_MAIL)).toMatchObject({ state: 'paused', owner: null });

      const resumed = await leftfold.run(database, ['subscriptions', 'resume', WELCOME_MAIL]);

      expect(resumed.code).toBe(0);
      expect(resumed.stdout).toMatch(/^users\.welcome-mail (may go|goes) on at position \d+[ ,].*\.\n$/);
      await eventually(async () =>
        expect((await statusOf(operator, WELCOME_MAIL)).owner).toContain(`/${app.process.pid}/`),
      );
    },
    SEVERAL_COMMANDS,
  );

  it(
    'compares a damaged read model, and leaves it as it is; then makes it anew',
    async () => {
      const { userId, email } = writing.people[0]!;
      await writing.stop();
      const wrong = `update user_view set email = 'wrong' where user_id = '${userId}'`;
      await eventually(async () => expect(await statusOf(operator, USER_VIEW)).toMatchObject({ lag: 0 }));
      await runSql(database.viewsUrl, wrong);

      const dry = await leftfold.run(database, ['subscriptions', 'rebuild', USER_VIEW, '--dry-run']);

      expect(dry.code).toBe(0);
      expect(dry.stdout).toMatch(
        /^users\.user-view was compared with what the log gives up to position \d+; its rows were/,
      );
      expect(dry.stdout).toMatch(/\nTABLE +ADDED +REMOVED +CHANGED\nuser_view +0 +0 +1\n\nThe first differences:\n/);
      expect(dry.stdout).toContain(`  changed user_view user_id="${userId}": email "wrong" is now "${email}"`);
      expect(dry.stderr).toMatch(/^(\d+ % {2}[\d,]+ of [\d,]+ positions.*\n)+$/);
      expect((await app.client(operator.token).get(`/users/${userId}`)).body).toMatchObject({ email: 'wrong' });
      writing.start();

      const done = await leftfold.run(database, ['subscriptions', 'rebuild', USER_VIEW, '--json']);

      expect(done.code).toBe(0);
      expect(JSON.parse(done.stdout)).toMatchObject({
        name: USER_VIEW,
        rebuild: {
          state: 'done',
          dryRun: false,
          comparison: [{ table: 'user_view', added: 0, removed: 0, changed: 1 }],
        },
      });
      expect((await app.client(operator.token).get(`/users/${userId}`)).body).toMatchObject({ email });
    },
    SEVERAL_COMMANDS,
  );

  it(
    'refuses what makes no sense, and asks for nothing',
    async () => {
      expectRefused(
        await leftfold.run(database, ['subscriptions', 'show', 'nobody']),
        1,
        'There is no subscription "nobody".',
      );
      expectRefused(
        await leftfold.run(database, ['subscriptions', 'rebuild', WELCOME_MAIL]),
        1,
        `"${WELCOME_MAIL}" is no read model, and only a read model can be rebuilt.`,
      );
      await pauseWholly(operator, USER_VIEW);
      const { rebuild: before } = await statusOf(operator, USER_VIEW);

      expectRefused(
        await leftfold.run(database, ['subscriptions', 'rebuild', USER_VIEW]),
        1,
        `${USER_VIEW} is paused, and is not rebuilt before it goes on. Resume it with "leftfold subscriptions resume ${USER_VIEW}".`,
      );

      expect((await statusOf(operator, USER_VIEW)).rebuild).toEqual(before);
      await operator.post(`/subscriptions/${USER_VIEW}/resume`);
    },
    SEVERAL_COMMANDS,
  );

  it('leaves the app as sound as it was, which was written to all along', async () => {
    await writing.stop();

    expect(writing.written).toBeGreaterThan(0);
    expect((await leftfold.run(database, ['log', 'verify'])).code).toBe(0);
    expect(app.process.errorLines).toEqual([]);
  });
});
