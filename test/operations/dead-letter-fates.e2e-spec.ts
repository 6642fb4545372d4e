import type { DeadLetterAnswer } from '../../src/operations/dead-letter.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { capturedLog } from '../support/captured-log.js';
import type { Answer, Headers } from '../support/client.js';
import { type DatabaseKind, DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, statusOf, until, WELCOME_MAIL } from './operating.js';
import { deadLetters, unreachedPeople } from './unreached-people.js';

let mail: MailServer;
let app: TestApp;
let operator: Person;

async function start(kind: DatabaseKind): Promise<void> {
  mail = await MailServer.start();
  app = await TestApp.start(kind, { SMTP_URL: mail.url, LOG_LEVEL: 'info' });
  operator = await app.operator();
}

async function stop(): Promise<void> {
  await app.close();
  await mail.close();
}

/** Discards the dead letters that a test leaves, and lets the side effect go on. */
async function discardAll(): Promise<void> {
  for (const { id } of (await deadLetters(operator)).items) await discard(id);
  mail.fateOf = () => 'take';
  await resume();
  await until(operator, WELCOME_MAIL, { state: 'live', parked: 0 });
}

const resume = (): Promise<unknown> => operator.post(`/subscriptions/${WELCOME_MAIL}/resume`);
const retry = (id: string, headers?: Headers): Promise<Answer> =>
  operator.post(`/dead-letters/${id}/retry`, undefined, headers);
const discard = (id: string, headers?: Headers): Promise<Answer> => operator.delete(`/dead-letters/${id}`, headers);

describe.each(DATABASE_KINDS)('a dead letter on %s', (kind) => {
  beforeAll(() => start(kind));

  afterEach(discardAll);

  afterAll(stop);

  it('leaves the list as soon as its retry is asked for', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 2);
    const [{ id }, other] = letters as [DeadLetterAnswer, DeadLetterAnswer];
    const { handled, discarded } = await statusOf(operator, WELCOME_MAIL);

    await expectNothingStored(app, async () => expectAccepted(await retry(id), { id }));

    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
    for (const again of [await retry(id), await discard(id)]) expectProblem(again, 404, 'dead-letter-not-found');
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'paused', parked: 2 });

    mail.fateOf = () => 'take';
    await resume();
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 1, discarded, handled: handled + 1 });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);
    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
  });

  it('is given up for ever when it is discarded', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 2);
    const [{ id }, other] = letters as [DeadLetterAnswer, DeadLetterAnswer];
    const before = await statusOf(operator, WELCOME_MAIL);
    mail.fateOf = () => 'take';
    await resume();

    const answer = await expectNothingStored(app, () => discard(id));

    expect(answer).toMatchObject({ status: 200, body: { id } });
    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
    for (const again of [await discard(id), await retry(id)]) expectProblem(again, 404, 'dead-letter-not-found');
    const discarded = before.discarded + 1;
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ parked: 1, discarded });

    await retry(other.id);
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, discarded });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([0, 1]);
  });
});

describe('a dead letter', () => {
  beforeAll(() => start('sqlite'));

  afterEach(discardAll);

  afterAll(stop);

  it('is none while its event is tried again, after more than one failure', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 1);
    const [{ id }] = letters as [DeadLetterAnswer];
    const askedBefore = mail.asked.length;

    await retry(id);
    await resume();
    await eventually(() => expect(mail.asked.length).toBeGreaterThan(askedBefore));
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 1 });

    expect(await deadLetters(operator)).toEqual({ items: [], nextCursor: null });
    for (const answer of [await operator.get(`/dead-letters/${id}`), await retry(id), await discard(id)]) {
      expectProblem(answer, 404, 'dead-letter-not-found', { detail: new RegExp(id) });
    }

    mail.fateOf = () => 'take';
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, lastError: null });
    expect(mail.takenFor(people[0]!.email)).toHaveLength(1);
  });

  it('is retried and discarded also with an Idempotency-Key, and the log says who asked, in which request', async () => {
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
});
