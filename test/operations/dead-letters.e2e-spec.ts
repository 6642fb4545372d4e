import type { DeadLetterAnswer } from '../../packages/operations/src/subscriptions/dead-letter.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { capturedLog } from '../support/captured-log.js';
import type { Answer, Headers } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectNothingStored, expectProblem, ISO_TIME, placeOf, UUID_V7 } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, GREETING, leaveGone, NOBODY, statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';
import { deadLetters, unreachedPeople } from './unreached-people.js';

const NONE = { items: [], nextCursor: null };

describe('a dead letter', () => {
  let mail: MailServer;
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    mail = await MailServer.start();
    app = await TestApp.start('sqlite', { SMTP_URL: mail.url, LOG_LEVEL: 'info' });
    operator = await app.operator();
  });

  /** Discards what a test leaves, and lets the side effect continue. */
  afterEach(async () => {
    for (const { id } of (await deadLetters(operator)).items) await discard(id);
    mail.behaviorFor = () => 'take';
    await resume();
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0 });
  });

  afterAll(async () => {
    await app.close();
    await mail.close();
  });

  const resume = (): Promise<unknown> => operator.post(`/subscriptions/${WELCOME_MAIL}/resume`);
  const retry = (id: string, headers?: Headers): Promise<Answer> =>
    operator.post(`/dead-letters/${id}/retry`, undefined, headers);
  const discard = (id: string, headers?: Headers): Promise<Answer> => operator.delete(`/dead-letters/${id}`, headers);

  it('is listed in the order of failures, in pages, with all its fields, and the number of events behind it', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 3);
    const stored = await runSql(app.database.url, 'select attempts from leftfold_parked_events order by id');

    expect(stored).toHaveLength(3);
    expect(letters).toEqual(
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
    for (const { firstFailedAt, lastFailedAt } of letters) {
      expect(Date.parse(firstFailedAt)).toBeLessThanOrEqual(Date.parse(lastFailedAt));
    }
    for (const each of letters) expect((await operator.get(`/dead-letters/${each.id}`)).body).toEqual(each);
    const [first, second, third] = letters.map(({ id }) => id) as [string, string, string];
    expect((await operator.get(`/dead-letters/${first.toUpperCase()}`)).body).toEqual(letters[0]);

    const page = await deadLetters(operator, '?limit=2');
    const last = await deadLetters(operator, `?limit=2&cursor=${page.nextCursor}`);
    expect([page.items, last]).toEqual([letters.slice(0, 2), { items: letters.slice(2), nextCursor: null }]);

    const { path, userId } = people[1]!;
    const { position } = placeOf(
      await people[1]!.put(`${path}/email`, { email: someNames().email, currentPassword: people[1]!.password }),
    );
    await runSql(
      app.database.url,
      `insert into leftfold_parked_events (id, subscription, stream, position, state, tries, attempts)
       values ('${NOBODY}', '${WELCOME_MAIL}', 'user-${userId}', ${position}, 'waiting', 0, 0)`,
    );
    expect((await deadLetters(operator)).items.map(({ id, waiting }) => [id, waiting])).toEqual([
      [first, 0],
      [second, 1],
      [third, 0],
    ]);
    expectProblem(await operator.get(`/dead-letters/${NOBODY}`), 404, 'dead-letter-not-found');
    await runSql(app.database.url, `delete from leftfold_parked_events where id = '${NOBODY}'`);
  });

  it('leaves the list as soon as its retry is requested', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 2);
    const [{ id }, other] = letters as [DeadLetterAnswer, DeadLetterAnswer];
    const { handled, discarded } = await statusOf(operator, WELCOME_MAIL);

    await expectNothingStored(app, async () => expectAccepted(await retry(id), { id }));

    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
    for (const again of [await retry(id), await discard(id)]) expectProblem(again, 404, 'dead-letter-not-found');
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'paused', parked: 2 });

    mail.behaviorFor = () => 'take';
    await resume();
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 1, discarded, handled: handled + 1 });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);
    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
  });

  it('is never handled after it was discarded', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 2);
    const [{ id }, other] = letters as [DeadLetterAnswer, DeadLetterAnswer];
    const discarded = (await statusOf(operator, WELCOME_MAIL)).discarded + 1;
    mail.behaviorFor = () => 'take';
    await resume();

    const answer = await expectNothingStored(app, () => discard(id));

    expect(answer).toMatchObject({ status: 200, body: { id } });
    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
    for (const again of [await discard(id), await retry(id)]) expectProblem(again, 404, 'dead-letter-not-found');
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ parked: 1, discarded });

    await retry(other.id);
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, discarded });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([0, 1]);
  });

  // The rest is the same on every database.
  it('does not exist while its event is retried, after more than one failure', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 1);
    const [{ id }] = letters as [DeadLetterAnswer];
    const askedBefore = mail.asked.length;

    await retry(id);
    await resume();
    await eventually(() => expect(mail.asked.length).toBeGreaterThan(askedBefore));
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 1 });

    expect(await deadLetters(operator)).toEqual(NONE);
    for (const answer of [await operator.get(`/dead-letters/${id}`), await retry(id), await discard(id)]) {
      expectProblem(answer, 404, 'dead-letter-not-found', { detail: new RegExp(id) });
    }

    mail.behaviorFor = () => 'take';
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, lastError: null });
    expect(mail.takenFor(people[0]!.email)).toHaveLength(1);
  });

  it('is retried and discarded also with an Idempotency-Key, and the log names the operator and the request', async () => {
    const { letters } = await unreachedPeople(app, mail, 2);
    const [first, second] = letters.map(({ id }) => id) as [string, string];
    const headers = { 'x-correlation-id': 'dead-letters', 'idempotency-key': 'once' };

    expectAccepted(await retry(first, headers), { id: first });
    await retry(first, headers);
    expect(await discard(second, headers)).toMatchObject({ status: 200, body: { id: second } });

    const told = capturedLog.lines.filter(
      (line) => line.context === 'Operations' && line.correlationId === headers['x-correlation-id'],
    );
    expect(told.map(({ level, msg }) => ({ level, msg }))).toEqual([
      { level: 30, msg: `${operator.userId} asked to retry the dead letter ${first}.` },
      { level: 30, msg: `${operator.userId} discarded the dead letter ${second}.` },
    ]);
  });

  it('of a gone subscription is not retried, and is moved or discarded with the rest', async () => {
    const gone = (path = '') => `/gone-subscriptions${path && `/${GREETING}`}${path}`;
    const id = await leaveGone(app.database.url);

    expectProblem(await retry(id), 409, 'subscription-gone', { detail: /move .* or discard it/ });
    expect((await operator.get(gone())).body).toEqual({
      items: [{ name: GREETING, position: 1, events: 1, commands: 0, owner: null }],
      nextCursor: null,
    });
    expectProblem(await operator.post(gone('/move'), {}), 400, 'validation-failed');
    expectProblem(await operator.post(gone('/move'), { successor: USER_VIEW }), 409, 'unfit-successor');
    expectProblem(await operator.post(gone('/move'), { successor: 'none' }), 404, 'subscription-not-found');
    expectProblem(await operator.delete(`/gone-subscriptions/${USER_VIEW}`), 409, 'subscription-not-gone');
    expectProblem(await operator.delete('/gone-subscriptions/none'), 404, 'subscription-not-found');

    const moved = await operator.post(gone('/move'), { successor: WELCOME_MAIL });
    expect(moved).toMatchObject({ status: 200, body: { name: WELCOME_MAIL } });
    await leaveGone(app.database.url);
    const discarded = await operator.delete(`/gone-subscriptions/${GREETING}`);
    expect(discarded).toMatchObject({ status: 200, body: { name: GREETING } });
    expect((await operator.get(gone())).body).toEqual(NONE);
  });

  // How messages become dead letters is proved in packages/core/test/inbox.int-spec.ts.
  it('can be a message of a broker, with its place there', async () => {
    const handler = 'orders.mark-paid';
    await runSql(
      app.database.url,
      `insert into leftfold_inbox_messages (id, handler, subject, type, stream, sequence, body, state, tries, failures, attempts,
         letter_id, first_failed_at, last_failed_at, error)
       values ('${NOBODY}', '${handler}', 'billing.paid', 'billing.paid', 'BILLING', 7, 'e30=', 'dead', 1, 1, 1, '${NOBODY}', 1, 2, 'no')`,
    );

    const { items } = await deadLetters(operator);
    expect(items).toMatchObject([
      { id: NOBODY, kind: 'message', subscription: handler, stream: 'BILLING', position: 7, type: 'billing.paid' },
    ]);
    expect((await operator.get(`/dead-letters/${NOBODY}`)).body).toEqual(items[0]);
    expectProblem(await retry(NOBODY), 409, 'subscription-gone', { detail: /no message handler "orders.mark-paid"/ });
    expect(await discard(NOBODY)).toMatchObject({ status: 200, body: { id: NOBODY } });
    expect(await deadLetters(operator)).toEqual(NONE);
  });

  it.each([
    [404, 'dead-letter-not-found', [NOBODY]],
    [400, 'validation-failed', ['1', WELCOME_MAIL, `${NOBODY}0`, '%00']],
  ])('is refused with %d %s for %j', async (status, code, ids) => {
    for (const id of ids) {
      for (const [method, path] of [
        ['get', `/dead-letters/${id}`],
        ['post', `/dead-letters/${id}/retry`],
        ['delete', `/dead-letters/${id}`],
      ] as const) {
        const complaints = { instance: path, ...(status === 400 && { fields: ['id'] }) };
        expectProblem(await operator.send(method, path), status, code, complaints);
      }
    }
  });

  it('is not listed after any id when there is none', async () => {
    const cursor = Buffer.from(`"${NOBODY}"`).toString('base64url');

    for (const query of ['', `?cursor=${cursor}`]) expect(await deadLetters(operator, query)).toEqual(NONE);
  });
});
