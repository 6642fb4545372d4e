import { type Answer, since } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';
import { expectAccepted, pauseWholly, statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';

const READY_LAG_LIMIT = 2;

describe('a paused subscription', () => {
  const here = useApp('sqlite', { READ_WAIT_LIMIT: '200ms', READY_LAG_LIMIT: String(READY_LAG_LIMIT) });

  /** Changes Ann's name so often that a paused subscription lags too far behind. */
  const move = async (): Promise<{ username: string; changed: Answer }> => {
    const { username } = someNames();
    for (let more = 0; more < READY_LAG_LIMIT; more++) {
      expectDone(await here.ann.put(`${here.ann.path}/username`, { username: someNames().username }), 200, {
        userId: here.ann.userId,
      });
    }
    return { username, changed: await here.ann.put(`${here.ann.path}/username`, { username }) };
  };
  /** A subscription reports within a second that it has skipped events of other types. */
  const expectReady = (expected: object): Promise<void> =>
    eventually(async () => expect(await here.app.anyone.get('/health/ready')).toMatchObject(expected));

  it('keeps a read model’s answers unchanged until it is resumed', async () => {
    await pauseWholly(here.operator, USER_VIEW);
    const { position: stoodAt } = await statusOf(here.operator, USER_VIEW);
    await expectReady({ status: 200 });

    const { username, changed } = await move();

    const lag = READY_LAG_LIMIT + 1;
    expectProblem(await here.ann.get('/users/me', since(changed)), 503, 'read-model-behind');
    expect((await here.ann.get('/users/me')).body).toMatchObject({ username: here.ann.username });
    for (const path of ['/subscriptions', `/subscriptions/${USER_VIEW}`, '/dead-letters']) {
      expect((await here.operator.get(path, since(changed))).status).toBe(200);
    }
    expect(await statusOf(here.operator, USER_VIEW)).toMatchObject({
      state: 'paused',
      position: stoodAt,
      lag,
      owner: null,
    });
    await expectReady({
      status: 503,
      body: { error: { subscriptions: { stopped: [], behind: [{ name: USER_VIEW, lag }] } } },
    });

    expectAccepted(await here.operator.post(`/subscriptions/${USER_VIEW}/resume`), { name: USER_VIEW });

    await until(here.operator, USER_VIEW, { state: 'live', position: placeOf(changed).position, lag: 0 });
    expect(await here.ann.get('/users/me', since(changed))).toMatchObject({ status: 200, body: { username } });
    await expectReady({ status: 200 });
  });

  it('does not affect the readiness of a node when it is a side effect', async () => {
    await pauseWholly(here.operator, WELCOME_MAIL);

    const { username, changed } = await move();

    const status = await statusOf(here.operator, WELCOME_MAIL);
    expect(status.state).toBe('paused');
    expect(status.lag).toBeGreaterThan(READY_LAG_LIMIT);
    await eventually(async () => {
      expect(await here.ann.get('/users/me', since(changed))).toMatchObject({ status: 200, body: { username } });
    });
    await expectReady({ status: 200, body: { info: { subscriptions: { status: 'up' } } } });
  });
});
