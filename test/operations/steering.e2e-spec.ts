import { capturedLog } from '../support/captured-log.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { expectAccepted, statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';

const ACTIONS = ['pause', 'resume', 'rebuild'] as const;

describe('steering subscriptions', () => {
  const here = useApp('sqlite', { LOG_LEVEL: 'info' });

  const ask = (action: string, name = USER_VIEW, headers?: Record<string, string>) =>
    here.operator.post(`/subscriptions/${name}/${action}`, undefined, headers);
  const goOn = async (): Promise<void> => {
    await ask('resume');
    await until(here.operator, USER_VIEW, { state: 'live' });
  };

  it.each([
    [USER_VIEW, WELCOME_MAIL],
    [WELCOME_MAIL, USER_VIEW],
  ])('pauses and resumes %s, once or again, and not %s', async (name, other) => {
    await expectNothingStored(here.app, async () => {
      expectAccepted(await ask('pause', name), { name });
      await until(here.operator, name, { state: 'paused', owner: null });
      expectAccepted(await ask('pause', name), { name });
      expect(await statusOf(here.operator, name)).toMatchObject({ state: 'paused', owner: null });
      await until(here.operator, other, { state: 'live', owner: expect.any(String) });

      expectAccepted(await ask('resume', name), { name });
      await until(here.operator, name, { state: 'live', owner: expect.any(String) });
      expectAccepted(await ask('resume', name), { name });
      expect(await statusOf(here.operator, name)).toMatchObject({ state: 'live', owner: expect.any(String) });
    });
  });

  // The rest is the same on every database.
  it('refuses to rebuild a side effect', async () => {
    expectProblem(await ask('rebuild', WELCOME_MAIL), 409, 'not-a-read-model', { detail: /users\.welcome-mail/ });

    expect(await statusOf(here.operator, WELCOME_MAIL)).toMatchObject({ state: 'live', rebuild: null });
  });

  it.each(ACTIONS)('%s: answers 404 for an unknown one', async (action) => {
    for (const name of ['users.user-views', '__proto__', 'users.user-view%00']) {
      expectProblem(await ask(action, name), 404, 'subscription-not-found', {
        instance: `/subscriptions/${name}/${action}`,
      });
    }
  });

  it.each(ACTIONS)('%s: accepts an Idempotency-Key, and runs again when it is repeated', async (action) => {
    const key = { 'idempotency-key': `${action} of this morning` };

    expectAccepted(await ask(action, USER_VIEW, key), { name: USER_VIEW });
    expectAccepted(await ask(action, USER_VIEW, key), { name: USER_VIEW });

    expectProblem(await ask(action, USER_VIEW, { 'idempotency-key': 'naïve' }), 400, 'validation-failed', {
      fields: ['Idempotency-Key'],
    });
    await goOn();
  });

  it.each(ACTIONS)('%s: the log names the operator and the request', async (action) => {
    const headers = { 'x-correlation-id': `steering-${action}` };

    await ask(action, USER_VIEW, headers);
    await ask(action, 'users.user-views', headers);

    const told = capturedLog.lines.filter(
      (line) => line.context === 'Operations' && line.correlationId === headers['x-correlation-id'],
    );
    expect(told).toMatchObject([{ level: 30, msg: `${here.operator.userId} asked to ${action} ${USER_VIEW}.` }]);
    await goOn();
  });
});
