import { EventLog } from '@leftfold/core';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import { expectMetrics, type Exposition, type Labels, scrapeFrom } from '../support/exposition.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { NOBODY, pauseWholly, statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';
import { unreachedPeople } from './unreached-people.js';

const APPENDS = 'leftfold_append_duration_seconds_count';
const REQUESTS = 'leftfold_http_request_duration_seconds_count';
const READ_MODEL = { subscription: USER_VIEW, kind: 'read-model' };
const SIDE_EFFECT = { subscription: WELCOME_MAIL, kind: 'side-effect' };

let mail: MailServer;
let app: TestApp;
let operator: Person;
let ann: Person;

async function start(): Promise<void> {
  mail = await MailServer.start();
  app = await TestApp.start('sqlite', { SMTP_URL: mail.url });
  operator = await app.operator();
  ann = await app.customer();
  await app.caughtUpWith(ann.signedIn);
}

async function stop(): Promise<void> {
  await app.close();
  await mail.close();
}

const scrape = (): Promise<Exposition> => scrapeFrom(app.anyone);
const rename = (): Promise<Answer> => ann.put(`${ann.path}/username`, { username: someNames().username });

/** By how much series grow during an action. */
async function growth(work: () => Promise<unknown>): Promise<(name: string, labels?: Labels) => number> {
  const before = await scrape();
  await work();
  const after = await scrape();
  return (name, labels) => (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0);
}

describe('metrics of state', () => {
  beforeAll(start);

  afterAll(stop);

  it('show the position of a subscription, and the lag of a paused one', async () => {
    await pauseWholly(operator, USER_VIEW);
    const { position, handled } = await statusOf(operator, USER_VIEW);

    for (let more = 0; more < 3; more++) await rename();

    const paused = await scrape();
    expect(paused.value('leftfold_subscription_lag', READ_MODEL)).toBe(3);
    expect(paused.value('leftfold_subscription_position', READ_MODEL)).toBe(position);
    expect(paused.value('leftfold_subscription_handled_total', READ_MODEL)).toBe(handled);
    expect(paused.value('leftfold_log_position')).toBe(position + 3);
    expect(statesOf(paused, USER_VIEW)).toEqual({ live: 0, 'catching-up': 0, rebuilding: 0, paused: 1, stopped: 0 });

    await operator.post(`/subscriptions/${USER_VIEW}/resume`);
    await until(operator, USER_VIEW, { state: 'live', lag: 0 });

    const resumed = await scrape();
    expect(resumed.value('leftfold_subscription_lag', READ_MODEL)).toBe(0);
    expect(resumed.value('leftfold_subscription_handled_total', READ_MODEL)).toBe(handled + 3);
    expect(statesOf(resumed, USER_VIEW)).toEqual({ live: 1, 'catching-up': 0, rebuilding: 0, paused: 0, stopped: 0 });
  });

  it('count retries, dead letters, and discarded events', async () => {
    const none = await scrape();
    expect(none.value('leftfold_dead_letters', { subscription: WELCOME_MAIL, kind: 'event' })).toBe(0);
    expect(none.value('leftfold_retries_total', { subscription: WELCOME_MAIL, what: 'event' })).toBe(0);

    const { letters } = await unreachedPeople(app, mail, 2);

    const dead = await scrape();
    expect(dead.value('leftfold_dead_letters', { subscription: WELCOME_MAIL, kind: 'event' })).toBe(2);
    expect(dead.value('leftfold_subscription_parked', SIDE_EFFECT)).toBe(2);
    expect(dead.value('leftfold_subscription_discarded_total', SIDE_EFFECT)).toBe(0);
    expect(dead.value('leftfold_retries_total', { subscription: WELCOME_MAIL, what: 'event' })).toBeGreaterThanOrEqual(
      2,
    );
    expect(dead.value('leftfold_retries_total', { subscription: USER_VIEW, what: 'event' })).toBe(0);

    expect((await operator.delete(`/dead-letters/${letters[0]!.id}`)).status).toBe(200);

    const discarded = await scrape();
    expect(discarded.value('leftfold_dead_letters', { subscription: WELCOME_MAIL, kind: 'event' })).toBe(1);
    expect(discarded.value('leftfold_subscription_parked', SIDE_EFFECT)).toBe(1);
    expect(discarded.value('leftfold_subscription_discarded_total', SIDE_EFFECT)).toBe(1);

    expect((await operator.post(`/dead-letters/${letters[1]!.id}/retry`)).status).toBe(202);

    const retried = await scrape();
    expect(retried.value('leftfold_dead_letters', { subscription: WELCOME_MAIL, kind: 'event' })).toBe(0);
    expect(retried.value('leftfold_subscription_parked', SIDE_EFFECT)).toBe(1);
  });
});

describe('metrics', () => {
  beforeAll(start);

  afterAll(stop);

  it('are valid Prometheus text, include this process’s own metrics, and are not cached', async () => {
    const answer = await app.anyone.get('/metrics');

    const { families } = expectMetrics(answer);
    expect(families.size).toBeGreaterThan(30);
    expect(families.get('process_cpu_seconds_total')?.type).toBe('counter');
    expect(families.has('nodejs_heap_size_used_bytes')).toBe(true);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers).not.toHaveProperty('etag');
    expect((await scrape()).families.size).toBe(families.size);
  });

  it('count requests by the pattern of their route, never by the actual path', async () => {
    expect((await ann.get(ann.path)).status).toBe(200);
    expectProblem(await ann.get(`/users/${NOBODY}`), 404, 'user-not-found');
    expectProblem(await app.anyone.get(`${ann.path}?secret=1`), 401, 'not-signed-in');
    expectProblem(await app.anyone.get('/nowhere/ann@example.com'), 404, 'route-not-found');
    expectProblem(await app.anyone.post('/nowhere/else', {}), 404, 'route-not-found');

    const route = '/users/:userId';
    // A request is counted when its answer has been sent, which may be after the client received it.
    await eventually(async () => {
      const metrics = await scrape();
      expect(metrics.value(REQUESTS, { method: 'GET', route, status: '200' })).toBe(1);
      expect(metrics.value(REQUESTS, { method: 'GET', route, status: '404' })).toBe(1);
      expect(metrics.value(REQUESTS, { method: 'GET', route, status: '401' })).toBe(1);
      expect(metrics.value(REQUESTS, { method: 'GET', route: 'unmatched', status: '404' })).toBe(1);
      expect(metrics.value(REQUESTS, { method: 'POST', route: 'unmatched', status: '404' })).toBe(1);
    });

    const { text } = await app.anyone.get('/metrics');
    for (const written of [ann.userId, ann.email, NOBODY, 'secret', 'nowhere']) expect(text).not.toContain(written);
  });

  it('count the appends of commands, and none for a refusal', async () => {
    const stored = await growth(async () => {
      expectDone(await rename(), 200, { userId: ann.userId });
    });
    const refused = await growth(async () => {
      expectProblem(
        await ann.put(`${ann.path}/email`, { email: operator.email, currentPassword: ann.password }),
        409,
        'email-taken',
      );
    });

    expect(stored(APPENDS, { outcome: 'stored' })).toBe(1);
    expect(stored('leftfold_append_batch_events_sum')).toBe(1);
    expect(refused(APPENDS, { outcome: 'stored' })).toBe(0);
    expect(refused(APPENDS, { outcome: 'refused' })).toBe(0);
  });

  it('count appends by outcome, and appends per transaction', async () => {
    const log = app.nest.get(EventLog);
    const event = { type: 'metrics.measured', data: {} };
    const append = (stream: string, expected: number): Promise<unknown> =>
      log.append([{ stream, expected, events: [event, event] }]);

    const grown = await growth(async () => {
      await Promise.all(Array.from({ length: 20 }, (_, n) => append(`metric-${n}`, 0)));
      await expect(append('metric-1', 0)).rejects.toThrow('expected at 0');
      await expect(append('not a stream', 0)).rejects.toThrow('not a stream');
    });

    expect(grown(APPENDS, { outcome: 'stored' })).toBe(20);
    expect(grown(APPENDS, { outcome: 'refused' })).toBe(1);
    expect(grown(APPENDS, { outcome: 'failed' })).toBe(1);
    expect(grown('leftfold_append_batch_appends_sum')).toBe(21);
    expect(grown('leftfold_append_batch_events_sum')).toBe(40);
    expect(grown('leftfold_log_position')).toBe(40);
    expect(grown('leftfold_append_batch_appends_count')).toBe(2);
    expect(grown('leftfold_append_batch_appends_bucket', { le: '16' })).toBe(1);
    expect(grown('leftfold_append_batch_duration_seconds_count')).toBe(2);
    // All values in seconds: a value in ms would be larger than a quarter of an hour.
    expect(grown('leftfold_append_duration_seconds_sum', { outcome: 'stored' })).toBeLessThan(20 * 60);
    expect(grown('leftfold_append_duration_seconds_sum', { outcome: 'stored' })).toBeGreaterThan(0);
  });

  it('are answered to many concurrent scrapes', async () => {
    const { position } = placeOf(await rename());

    const scraped = await Promise.all(Array.from({ length: 10 }, scrape));

    for (const metrics of scraped) expect(metrics.value('leftfold_log_position')).toBe(position);
  });
});

function statesOf(metrics: Exposition, subscription: string): Record<string, number | undefined> {
  const name = 'leftfold_subscription_state';
  const states = metrics.series(name).filter((labels) => labels.subscription === subscription);
  return Object.fromEntries(states.map((labels) => [labels.state!, metrics.value(name, labels)]));
}
