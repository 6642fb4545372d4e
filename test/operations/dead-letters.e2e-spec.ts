import type { DeadLetterAnswer } from '../../src/operations/dead-letter.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem, ISO_TIME, placeOf, UUID_V7 } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';
import { NOBODY, WELCOME_MAIL } from './operating.js';
import { deadLetters, unreachedPeople } from './unreached-people.js';

describe.each(DATABASE_KINDS)('dead letters on %s', (kind) => {
  let mail: MailServer;
  let app: TestApp;
  let operator: Person;
  let people: Person[];
  let letters: DeadLetterAnswer[];

  beforeAll(async () => {
    mail = await MailServer.start();
    app = await TestApp.start(kind, { SMTP_URL: mail.url });
    operator = await app.operator();
    ({ people, letters } = await unreachedPeople(app, mail, 3));
  });

  afterAll(async () => {
    await app.close();
    await mail.close();
  });

  it('are listed in the order in which they failed, with all there is to know', async () => {
    const stored = await runSql(app.database.url, 'select attempts from parked_events order by id');

    const { items, nextCursor } = await deadLetters(operator);

    expect(nextCursor).toBeNull();
    expect(stored).toHaveLength(3);
    expect(items).toEqual(
      people.map(({ userId, signedIn }, index) => ({
        id: expect.stringMatching(UUID_V7),
        kind: 'event',
        subscription: WELCOME_MAIL,
        position: placeOf(signedIn).position - 1,
        stream: `user-${userId}`,
        version: 1,
        type: 'users.user-registered',
        attempts: stored[index]!.attempts,
        firstFailedAt: expect.stringMatching(ISO_TIME),
        lastFailedAt: expect.stringMatching(ISO_TIME),
        error: expect.stringContaining('Not now'),
        stack: expect.stringMatching(/\n\s+at /),
        waiting: 0,
      })),
    );
    for (const { firstFailedAt, lastFailedAt } of items) {
      expect(Date.parse(firstFailedAt)).toBeLessThanOrEqual(Date.parse(lastFailedAt));
    }
    for (const each of items) expect((await operator.get(`/dead-letters/${each.id}`)).body).toEqual(each);
    expect((await operator.get(`/dead-letters/${items[0]!.id.toUpperCase()}`)).body).toEqual(items[0]);
  });

  it('come in pages, each of them once', async () => {
    const first = await deadLetters(operator, '?limit=2');
    const second = await deadLetters(operator, `?limit=2&cursor=${first.nextCursor}`);

    expect([...first.items, ...second.items]).toEqual(letters);
    expect(first.items).toHaveLength(2);
    expect(second.nextCursor).toBeNull();
  });

  it('say how many later events wait behind them', async () => {
    const ann = people[1]!;
    const { position } = placeOf(await ann.put(`${ann.path}/email`, { email: someNames().email }));
    await runSql(
      app.database.url,
      `insert into parked_events (id, subscription, stream, position, state, tries, attempts)
       values ('${NOBODY}', '${WELCOME_MAIL}', 'user-${ann.userId}', ${position}, 'waiting', 0, 0)`,
    );

    expect((await deadLetters(operator)).items.map(({ id, waiting }) => [id, waiting])).toEqual([
      [letters[0]!.id, 0],
      [letters[1]!.id, 1],
      [letters[2]!.id, 0],
    ]);
    expectProblem(await operator.get(`/dead-letters/${NOBODY}`), 404, 'dead-letter-not-found');
  });
});

describe('requests for dead letters', () => {
  const here = useApp('sqlite');

  const routes = (id: string): ['get' | 'post' | 'delete', string][] => [
    ['get', `/dead-letters/${id}`],
    ['post', `/dead-letters/${id}/retry`],
    ['delete', `/dead-letters/${id}`],
  ];

  it('are refused for one that does not exist', async () => {
    for (const [method, path] of routes(NOBODY)) {
      expectProblem(await here.operator.send(method, path), 404, 'dead-letter-not-found', { instance: path });
    }
  });

  it.each(['1', 'users.welcome-mail', `${NOBODY}0`, '%00'])('are refused for %s, which is no id', async (id) => {
    for (const [method, path] of routes(id)) {
      expectProblem(await here.operator.send(method, path), 400, 'validation-failed', {
        instance: path,
        fields: ['id'],
      });
    }
  });

  it('find none after any id, while there are none', async () => {
    const cursor = Buffer.from(`"${NOBODY}"`).toString('base64url');

    for (const query of ['', `?cursor=${cursor}`]) {
      expect((await here.operator.get(`/dead-letters${query}`)).body).toEqual({ items: [], nextCursor: null });
    }
  });
});
