import { capturedLog } from '../support/captured-log.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, pauseWholly, statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';

const ACTIONS = ['pause', 'resume', 'rebuild'] as const;

describe.each(DATABASE_KINDS)('steering subscriptions on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind, { LOG_LEVEL: 'info' });
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
  });

  afterAll(() => app.close());

  const ask = (action: string, name = USER_VIEW, headers?: Record<string, string>) =>
    operator.post(`/subscriptions/${name}/${action}`, undefined, headers);

  it.each([USER_VIEW, WELCOME_MAIL])('pauses and resumes %s, once or again', async (name) => {
    await expectNothingStored(app, async () => {
      expectAccepted(await ask('pause', name), { name });
      await until(operator, name, { state: 'paused', owner: null });
      expectAccepted(await ask('pause', name), { name });
      expect(await statusOf(operator, name)).toMatchObject({ state: 'paused', owner: null });

      expectAccepted(await ask('resume', name), { name });
      await until(operator, name, { state: 'live', owner: expect.any(String) });
      expectAccepted(await ask('resume', name), { name });
      expect(await statusOf(operator, name)).toMatchObject({ state: 'live', owner: expect.any(String) });
    });
  });

  it('leaves the others alone', async () => {
    await pauseWholly(operator, USER_VIEW);

    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'live', owner: expect.any(String) });

    await ask('resume');
    await until(operator, USER_VIEW, { state: 'live' });
  });

  it.each(ACTIONS)('%s: not one that does not exist', async (action) => {
    for (const name of ['users.user-views', '__proto__', 'users.user-view%00']) {
      expectProblem(await ask(action, name), 404, 'subscription-not-found', {
        instance: `/subscriptions/${name}/${action}`,
      });
    }
  });

  it('rebuilds no side effect', async () => {
    expectProblem(await ask('rebuild', WELCOME_MAIL), 409, 'not-a-read-model', { detail: /users\.welcome-mail/ });

    expect(await statusOf(operator, WELCOME_MAIL)).toMatchObject({ state: 'live', rebuild: null });
  });

  it.each(ACTIONS)('%s: takes an Idempotency-Key, and does it again when it comes again', async (action) => {
    const key = { 'idempotency-key': `${action} of this morning` };

    expectAccepted(await ask(action, USER_VIEW, key), { name: USER_VIEW });
    expectAccepted(await ask(action, USER_VIEW, key), { name: USER_VIEW });

    expectProblem(await ask(action, USER_VIEW, { 'idempotency-key': 'naïve' }), 400, 'validation-failed', {
      fields: ['Idempotency-Key'],
    });
    await ask('resume');
    await until(operator, USER_VIEW, { state: 'live' });
  });

  it.each(ACTIONS)('%s: is for operators', async (action) => {
    const before = await statusOf(operator, USER_VIEW);

    for (const name of [USER_VIEW, 'users.user-views']) {
      const instance = `/subscriptions/${name}/${action}`;
      expectProblem(await ann.post(instance), 403, 'forbidden', { instance });
      expectProblem(await app.anyone.post(instance), 401, 'not-signed-in', { instance });
    }

    expect(await statusOf(operator, USER_VIEW)).toEqual(before);
  });

  it('shows nothing to others either', async () => {
    for (const path of ['/subscriptions', `/subscriptions/${USER_VIEW}`, '/subscriptions/none']) {
      expectProblem(await ann.get(path), 403, 'forbidden', { instance: path });
      expectProblem(await app.anyone.get(path), 401, 'not-signed-in', { instance: path });
    }
  });

  it('is asked for by POST alone', async () => {
    for (const action of ACTIONS) {
      const path = `/subscriptions/${USER_VIEW}/${action}`;
      expectProblem(await operator.get(path), 404, 'route-not-found', { instance: path });
      expectProblem(await operator.delete(path), 404, 'route-not-found', { instance: path });
    }
  });

  it.each(ACTIONS)('%s: the log says who asked for it, in which request', async (action) => {
    const correlationId = `${kind}-${action}`;

    await ask(action, USER_VIEW, { 'x-correlation-id': correlationId });
    await ask(action, 'users.user-views', { 'x-correlation-id': correlationId });

    const told = capturedLog.lines.filter(
      (line) => line.context === 'Operations' && line.correlationId === correlationId,
    );
    expect(told).toMatchObject([{ level: 30, msg: `${operator.userId} asked to ${action} ${USER_VIEW}.` }]);
    await ask('resume');
    await until(operator, USER_VIEW, { state: 'live' });
  });
});
