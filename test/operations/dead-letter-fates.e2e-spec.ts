import type { DeadLetterAnswer } from '../../src/operations/dead-letter.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { capturedLog } from '../support/captured-log.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, statusOf, until, WELCOME_MAIL } from './operating.js';
import { deadLetters, unreachedPeople } from './unreached-people.js';

describe.each(DATABASE_KINDS)('what becomes of dead letters on %s', (kind) => {
  let mail: MailServer;
  let app: TestApp;
  let operator: Person;

  beforeEach(async () => {
    mail = await MailServer.start();
    app = await TestApp.start(kind, { SMTP_URL: mail.url, LOG_LEVEL: 'info' });
    operator = await app.operator();
  });

  afterEach(async () => {
    await app.close();
    await mail.close();
  });

  const resume = (): Promise<unknown> => operator.post(`/subscriptions/${WELCOME_MAIL}/resume`);

  it('is not asked for while an event is tried again', async () => {
    mail.fateOf = (to) => (to === operator.email ? 'take' : 'refuse');
    await app.customer();
    await until(operator, WELCOME_MAIL, { parked: 1 });
    const [row] = await runSql(app.database.url, 'select id from parked_events');
    const id = String(row!.id);

    expect(await deadLetters(operator)).toEqual({ items: [], nextCursor: null });
    for (const answer of [
      await operator.get(`/dead-letters/${id}`),
      await operator.post(`/dead-letters/${id}/retry`),
      await operator.delete(`/dead-letters/${id}`),
    ]) {
      expectProblem(answer, 404, 'dead-letter-not-found', { detail: new RegExp(id) });
    }
  });

  it('is a retry: they leave the list at once', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 2);
    const [{ id }, other] = letters as [DeadLetterAnswer, DeadLetterAnswer];
    const { handled } = await statusOf(operator, WELCOME_MAIL);

    await expectNothingStored(app, async () =>
      expectAccepted(await operator.post(`/dead-letters/${id}/retry`), { id }),
    );

    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
    expectProblem(await operator.post(`/dead-letters/${id}/retry`), 404, 'dead-letter-not-found');
    expectProblem(await operator.delete(`/dead-letters/${id}`), 404, 'dead-letter-not-found');
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'paused', parked: 2 });

    mail.fateOf = () => 'take';
    await resume();
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 1, discarded: 0, handled: handled + 1 });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([1, 0]);
    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
  });

  it('is a retry with all attempts of a new event', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 1);
    const [ann] = people as [Person];
    const askedBefore = mail.asked.length;

    await operator.post(`/dead-letters/${letters[0]!.id}/retry`);
    await resume();
    await eventually(() => expect(mail.asked.length).toBeGreaterThan(askedBefore + 1));
    expect(await deadLetters(operator)).toEqual({ items: [], nextCursor: null });
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ parked: 1 });

    mail.fateOf = () => 'take';
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, lastError: null });
    expect(mail.takenFor(ann.email)).toHaveLength(1);
  });

  it('is the end: they are given up for ever', async () => {
    const { people, letters } = await unreachedPeople(app, mail, 2);
    const [{ id }, other] = letters as [DeadLetterAnswer, DeadLetterAnswer];
    mail.fateOf = () => 'take';
    await resume();

    const answer = await expectNothingStored(app, () => operator.delete(`/dead-letters/${id}`));

    expect(answer).toMatchObject({ status: 200, body: { id } });
    expect(await deadLetters(operator)).toEqual({ items: [other], nextCursor: null });
    expectProblem(await operator.delete(`/dead-letters/${id}`), 404, 'dead-letter-not-found');
    expectProblem(await operator.post(`/dead-letters/${id}/retry`), 404, 'dead-letter-not-found');
    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ parked: 1, discarded: 1 });

    await operator.post(`/dead-letters/${other.id}/retry`);
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, discarded: 1 });
    expect(people.map(({ email }) => mail.takenFor(email).length)).toEqual([0, 1]);
  });

  it('may be asked for with an Idempotency-Key', async () => {
    const { letters } = await unreachedPeople(app, mail, 2);
    const [first, second] = letters.map(({ id }) => id);
    const key = { 'idempotency-key': 'once' };

    expectAccepted(await operator.post(`/dead-letters/${first}/retry`, undefined, key), { id: first });
    expect(await operator.delete(`/dead-letters/${second}`, key)).toMatchObject({ status: 200, body: { id: second } });
  });

  it('is in the log, with who decided it, in which request', async () => {
    const { letters } = await unreachedPeople(app, mail, 2);
    const [first, second] = letters.map(({ id }) => id);
    const ticket = { 'x-correlation-id': `dead-letters-on-${kind}` };

    await operator.post(`/dead-letters/${first}/retry`, undefined, ticket);
    await operator.post(`/dead-letters/${first}/retry`, undefined, ticket);
    await operator.delete(`/dead-letters/${second}`, ticket);

    const told = capturedLog.lines.filter(
      (line) => line.context === 'Operations' && line.correlationId === ticket['x-correlation-id'],
    );
    expect(told.map(({ level, msg }) => ({ level, msg }))).toEqual([
      { level: 30, msg: `${operator.userId} asked to retry the dead letter ${first}.` },
      { level: 30, msg: `${operator.userId} discarded the dead letter ${second}.` },
    ]);
  });
});
