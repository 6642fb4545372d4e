import type { DeadLetterAnswer } from '../../packages/operations/src/subscriptions/dead-letter.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { NOBODY, statusOf, until, WELCOME_MAIL } from '../operations/operating.js';
import { deadLetters, unreachedPeople } from '../operations/unreached-people.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import type { Person } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, interruptLeftovers, json, run, type RunningCommand, start } from './leftfold.js';

describe('dead letters on the command line', () => {
  let mail: MailServer;
  let database: TestDatabase;
  let app: TestApp | undefined;
  let operator: Person;
  let people: Person[];
  let letters: DeadLetterAnswer[];

  beforeEach(async () => {
    mail = await MailServer.start();
    database = await createTestDatabase('sqlite');
    // The app polls for requests of commands within a part of that time.
    app = await TestApp.start(database, { SMTP_URL: mail.url, LEASE_TTL: '2s' });
    operator = await app.operator();
    ({ people, letters } = await unreachedPeople(app, mail, 2));
  });

  afterEach(async () => {
    await interruptLeftovers();
    await app?.close();
    await mail.close();
    await database.drop();
  });

  const retry = (number: number, option = '') =>
    start(database, `dead-letters retry ${letters[number]!.id} ${option}`, { SMTP_URL: mail.url });
  const resume = async (): Promise<void> => {
    await json(database, `subscriptions resume ${WELCOME_MAIL}`);
    await until(operator, WELCOME_MAIL, { owner: expect.any(String) as string });
  };

  it('are shown as GET /dead-letters does, and in columns for people', async () => {
    expect(await json(database, 'dead-letters list')).toEqual({ items: letters });
    expect(await json(database, `dead-letters show ${letters[1]!.id}`)).toEqual(letters[1]);

    const list = (await run(database, 'dead-letters list')).stdout.split('\n');
    const shown = (await run(database, `dead-letters show ${letters[0]!.id}`)).stdout;

    expect(list[0]).toMatch(/^ID +KIND +SUBSCRIPTION +POSITION +STREAM +TYPE +ATTEMPTS +WAITING +ERROR$/);
    expect(list.slice(1, 3).map((line) => line.slice(0, 36))).toEqual(letters.map(({ id }) => id));
    expect(shown).toContain(`Subscription    ${WELCOME_MAIL}\n`);
    expect(shown).toMatch(/\nError {11}.+\nStack\n {2}\S.*\n {2}at /);
  });

  it('are retried and discarded while the app runs', async () => {
    expectRefused(
      await retry(0).ended,
      `${WELCOME_MAIL} is paused, so it retries nothing. Resume it with "leftfold subscriptions resume ${WELCOME_MAIL}".`,
    );
    expect((await deadLetters(operator)).items).toEqual(letters);
    mail.behaviorFor = () => 'take';
    await resume();

    const retried = await retry(0).ended;
    const discarded = await run(database, `dead-letters discard ${letters[1]!.id}`);

    expect({ code: retried.code, stdout: retried.stdout }).toEqual({
      code: 0,
      stdout: `${letters[0]!.id} was handled. Those that waited behind it follow in order.\n`,
    });
    expect(discarded.stdout).toBe(`${letters[1]!.id} was discarded. Those that waited behind it continue.\n`);
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ parked: 0, discarded: 1 });
    expect((await run(database, 'dead-letters list')).stdout).toBe('There are no dead letters.\n');
    const gone = new RegExp(`^There is no dead letter ${letters[0]!.id}\\. `);
    expectRefused(await retry(0).ended, gone);
    expectRefused(await run(database, `dead-letters discard ${NOBODY}`), /^There is no dead letter /);
  });

  it('a retry makes the attempts itself while no process runs the subscription', async () => {
    await resume();
    await app!.close();
    app = undefined;
    mail.behaviorFor = (to) => (to === people[0]!.email ? 'take' : 'refuse');

    const handled = await retry(0, '--json').ended;

    expect(handled.code).toBe(0);
    expect(JSON.parse(handled.stdout)).toEqual({ id: letters[0]!.id, state: 'handled' });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);

    await expectDeadAgain(retry(1));
  });

  it('a retry fails when the app fails again', async () => {
    await resume();

    await expectDeadAgain(retry(1));
  });

  /** After the first attempt, because the others take most of a day. */
  async function expectDeadAgain(retrying: RunningCommand): Promise<void> {
    await eventually(() => expect(retrying.stderr).toMatch(/Attempt \d+ failed and will be repeated: .+\n/));
    await runSql(
      database.url,
      `update leftfold_parked_events set state = 'dead', due_at = null where id = '${letters[1]!.id}'`,
    );

    const { code, stdout } = await retrying.ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`^${letters[1]!.id} FAILED again at every attempt and is still a dead letter: .+\\n$`),
    );
  }
});
