import type { DeadLetterAnswer } from '../../src/operations/dead-letter.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { NOBODY, statusOf, WELCOME_MAIL } from '../operations/operating.js';
import { deadLetters, unreachedPeople } from '../operations/unreached-people.js';
import { type AppProcess, killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS } from '../support/built-app.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import type { Person } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, Leftfold, SEVERAL_COMMANDS } from './leftfold.js';

describe.each(DATABASE_KINDS)('dead letters on the command line, on %s', (kind) => {
  let leftfold: Leftfold;
  let mail: MailServer;
  let database: TestDatabase;
  let app: TestApp | undefined;
  let operator: Person;
  let people: Person[];
  let letters: DeadLetterAnswer[];

  beforeAll(async () => {
    leftfold = await Leftfold.built();
  }, BUILD_TIMEOUT_MS);

  beforeEach(async () => {
    mail = await MailServer.start();
    database = await createTestDatabase(kind);
    app = await TestApp.start(database, { SMTP_URL: mail.url });
    operator = await app.operator();
    ({ people, letters } = await unreachedPeople(app, mail, 2));
  });

  afterEach(async () => {
    await killLeftovers();
    await app?.close();
    await mail.close();
    await database.drop();
  });

  const retry = (number: number) => ['dead-letters', 'retry', letters[number]!.id];
  const resume = () => leftfold.json(database, ['subscriptions', 'resume', WELCOME_MAIL]);

  it(
    'shows them as GET /dead-letters does, and to people in columns',
    async () => {
      expect(await leftfold.json(database, ['dead-letters', 'list'])).toEqual({ items: letters });
      expect(await leftfold.json(database, ['dead-letters', 'show', letters[1]!.id])).toEqual(letters[1]);

      const list = (await leftfold.run(database, ['dead-letters', 'list'])).stdout.split('\n');
      const shown = (await leftfold.run(database, ['dead-letters', 'show', letters[0]!.id])).stdout;

      expect(list[0]).toMatch(/^ID +KIND +SUBSCRIPTION +POSITION +STREAM +TYPE +ATTEMPTS +WAITING +ERROR$/);
      expect(list.slice(1, 3).map((line) => line.slice(0, 36))).toEqual(letters.map(({ id }) => id));
      expect(shown).toContain(`Subscription    ${WELCOME_MAIL}\n`);
      expect(shown).toMatch(/\nError {11}.+\nStack\n {2}\S.*\n {2}at /);
    },
    SEVERAL_COMMANDS,
  );

  it(
    'retries and discards while the app runs',
    async () => {
      expectRefused(
        await leftfold.run(database, retry(0)),
        1,
        `${WELCOME_MAIL} is paused, and tries nothing before it goes on. Resume it with "leftfold subscriptions resume ${WELCOME_MAIL}".`,
      );
      expect((await deadLetters(operator)).items).toEqual(letters);
      mail.fateOf = () => 'take';
      await resume();

      const retried = await leftfold.run(database, retry(0));
      const discarded = await leftfold.run(database, ['dead-letters', 'discard', letters[1]!.id]);

      expect({ code: retried.code, stdout: retried.stdout }).toEqual({
        code: 0,
        stdout: `${letters[0]!.id} was handled. Those that waited behind it follow in order.\n`,
      });
      expect(discarded.stdout).toBe(`${letters[1]!.id} was discarded. Those that waited behind it go on.\n`);
      expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);
      expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ parked: 0, discarded: 1 });
      expect((await leftfold.run(database, ['dead-letters', 'list'])).stdout).toBe('There are no dead letters.\n');
      const gone = new RegExp(`^There is no dead letter ${letters[0]!.id}\\. `);
      expectRefused(await leftfold.run(database, retry(0)), 1, gone);
      expectRefused(await leftfold.run(database, ['dead-letters', 'discard', NOBODY]), 1, /^There is no dead letter /);
    },
    SEVERAL_COMMANDS,
  );

  it(
    'makes the attempt itself while nobody runs the subscription',
    async () => {
      await resume();
      await app!.close();
      app = undefined;
      mail.fateOf = (to) => (to === people[0]!.email ? 'take' : 'refuse');

      const handled = await leftfold.run(database, [...retry(0), '--json'], { SMTP_URL: mail.url });

      expect(handled.code).toBe(0);
      expect(JSON.parse(handled.stdout)).toEqual({ id: letters[0]!.id, state: 'handled' });
      expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);

      const failing = await leftfold.start(database, retry(1), { SMTP_URL: mail.url });
      await expectDeadAgain(failing);
    },
    SEVERAL_COMMANDS,
  );

  it(
    'fails when the app has failed at it again',
    async () => {
      await resume();

      await expectDeadAgain(await leftfold.start(database, retry(1)));
    },
    SEVERAL_COMMANDS,
  );

  /** After the first attempt: the others take most of a day. */
  async function expectDeadAgain(retrying: AppProcess): Promise<void> {
    await retrying.waitFor(/Attempt \d+ failed, and the next one follows: .+\n/, 40_000);
    await runSql(database.url, `update parked_events set state = 'dead', due_at = null where id = '${letters[1]!.id}'`);

    expect(await retrying.exited).toEqual({ code: 1, signal: null });
    expect(retrying.stdout).toMatch(
      new RegExp(`^${letters[1]!.id} FAILED again, at every attempt, and is a dead letter as before: .+\\n$`),
    );
  }
});
