import { type Answer, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, pauseWholly, statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';

const READY_LAG_LIMIT = 2;

describe.each(DATABASE_KINDS)('a paused subscription on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;

  beforeEach(async () => {
    app = await TestApp.start(kind, { READ_WAIT_LIMIT: '200ms', READY_LAG_LIMIT: String(READY_LAG_LIMIT) });
    operator = await app.operator();
    ann = await app.customer();
    await eventually(() => app.caughtUpWith(ann.signedIn));
  });

  afterEach(() => app.close());

  /** Changes Ann's name so often that whoever stands still is too far behind. */
  const move = async (): Promise<{ username: string; changed: Answer }> => {
    const { username } = someNames();
    for (let more = 0; more < READY_LAG_LIMIT; more++) {
      expectDone(await ann.put(`${ann.path}/username`, { username: someNames().username }), 200, {
        userId: ann.userId,
      });
    }
    return { username, changed: await ann.put(`${ann.path}/username`, { username }) };
  };
  /** Those whose events did not come say within a second that they have passed over the others. */
  const expectReady = (expected: object): Promise<void> =>
    eventually(async () => expect(await app.anyone.get('/health/ready')).toMatchObject(expected));

  it('lets a read model’s answers stand still until it is resumed', async () => {
    await pauseWholly(operator, USER_VIEW);
    const { position: stoodAt } = await statusOf(operator, USER_VIEW);
    await expectReady({ status: 200 });

    const { username, changed } = await move();

    const lag = READY_LAG_LIMIT + 1;
    expectProblem(await ann.get('/users/me', since(changed)), 503, 'read-model-behind');
    expect((await ann.get('/users/me')).body).toMatchObject({ username: ann.username });
    for (const path of ['/subscriptions', `/subscriptions/${USER_VIEW}`, '/dead-letters']) {
      expect((await operator.get(path, since(changed))).status).toBe(200);
    }
    expect(await statusOf(operator, USER_VIEW)).toMatchObject({ state: 'paused', position: stoodAt, lag, owner: null });
    await expectReady({
      status: 503,
      body: { error: { subscriptions: { stopped: [], behind: [{ name: USER_VIEW, lag }] } } },
    });

    expectAccepted(await operator.post(`/subscriptions/${USER_VIEW}/resume`), { name: USER_VIEW });

    await until(operator, USER_VIEW, { state: 'live', position: placeOf(changed).position, lag: 0 });
    expect(await ann.get('/users/me', since(changed))).toMatchObject({ status: 200, body: { username } });
    await expectReady({ status: 200 });
  });

  it('makes a node no less ready when it is a side effect', async () => {
    await pauseWholly(operator, WELCOME_MAIL);

    const { username, changed } = await move();

    const status = await statusOf(operator, WELCOME_MAIL);
    expect(status.state).toBe('paused');
    expect(status.lag).toBeGreaterThan(READY_LAG_LIMIT);
    await eventually(async () => {
      expect(await ann.get('/users/me', since(changed))).toMatchObject({ status: 200, body: { username } });
    });
    await expectReady({ status: 200, body: { info: { subscriptions: { status: 'up' } } } });
  });
});
