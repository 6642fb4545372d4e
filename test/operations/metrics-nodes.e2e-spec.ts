import { startCuttingProxy } from '../../packages/core/test/support/cutting-proxy.js';
import { createAppDatabase } from '../support/app-database.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { expectMetrics, type Exposition, missingIn, scrapeFrom } from '../support/exposition.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { USER_VIEW, WELCOME_MAIL } from './operating.js';

const STORED = ['leftfold_append_duration_seconds_count', { outcome: 'stored' }] as const;
const READ_MODEL = { subscription: USER_VIEW, kind: 'read-model' };
const STATE = [
  'leftfold_subscription_position',
  'leftfold_subscription_lag',
  'leftfold_subscription_parked',
  'leftfold_subscription_handled_total',
  'leftfold_subscription_discarded_total',
  'leftfold_subscription_state',
];

const scrape = (app: TestApp): Promise<Exposition> => scrapeFrom(app.anyone);

describe('metrics of several nodes', () => {
  let database: TestDatabase;
  let api: TestApp;
  let worker: TestApp;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    api = await TestApp.start(database, { ROLE: 'api' });
    worker = await TestApp.start(database, { ROLE: 'worker' });
  });

  afterAll(async () => {
    await Promise.all([api.close(), worker.close()]);
    await database.drop();
  });

  it('are served by a process that only executes commands, and by one that only runs subscriptions', async () => {
    const { signedIn } = await api.customer();

    await api.caughtUpWith(signedIn);

    // The node that appends counts appends; the state is the same on both.
    const [asked, working] = await eventually(async () => {
      const both = [await scrape(api), await scrape(worker)] as const;
      const head = await api.head();
      for (const metrics of both) {
        expect(metrics.value('leftfold_log_position')).toBe(head);
        expect(metrics.value('leftfold_subscription_lag', READ_MODEL)).toBe(0);
      }
      return both;
    });
    expect(asked.value(...STORED)).toBeGreaterThanOrEqual(3);
    expect(working.value(...STORED)).toBe(0);
    expect(working.value('leftfold_subscription_handled_total', READ_MODEL)).toBe(
      asked.value('leftfold_subscription_handled_total', READ_MODEL),
    );
  });

  it('are all that a worker serves, beside its health', async () => {
    for (const path of ['/metrics', '/metrics?any=thing', '/health/live', '/health/ready']) {
      expect((await worker.anyone.get(path)).status).toBe(200);
    }
    for (const path of [
      '/users',
      '/metrics/',
      '/metricsx',
      '/docs',
      '/subscriptions',
      '/events',
      '/events/live',
      '/streams/user-1',
    ]) {
      expectProblem(await worker.anyone.get(path), 404, 'route-not-found', { instance: path });
    }
  });

  it('of several applications in one process are separate', async () => {
    const [before, elsewhere] = [await scrape(api), await scrape(worker)];

    await api.register();

    expect((await scrape(api)).value(...STORED)).toBe(before.value(...STORED)! + 1);
    expect((await scrape(worker)).value(...STORED)).toBe(elsewhere.value(...STORED));
    const posted = [
      'leftfold_http_request_duration_seconds_count',
      { method: 'POST', route: '/users', status: '201' },
    ] as const;
    await eventually(async () => {
      expect((await scrape(api)).value(...posted)).toBe(before.value(...posted)! + 1);
      expect((await scrape(worker)).value(...posted)).toBeUndefined();
    });
  });
});

describe.each(DATABASE_KINDS)('metrics on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;

  beforeAll(async () => {
    database = await createAppDatabase(kind);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('show the readable part, and report the rest as missing', async () => {
    app = await TestApp.start(database, { ROLE: 'api' });
    await scrape(app);

    await runSql(database.viewsUrl, 'alter table leftfold_read_models rename to lost_read_models');
    const without = await scrapeFrom(app.anyone, { subscriptions: 1 });

    for (const name of STATE) expect(without.series(name)).toEqual([]);
    expect(without.value('leftfold_log_position')).toBe(await app.head());
    expect(without.value(...STORED)).toBeGreaterThan(0);

    await runSql(database.viewsUrl, 'alter table lost_read_models rename to leftfold_read_models');
    await runSql(database.url, 'alter table leftfold_inbox_messages rename to lost_messages');
    const withoutLetters = await scrapeFrom(app.anyone, { 'dead-letters': 1 });

    expect(withoutLetters.series('leftfold_dead_letters')).toEqual([]);
    for (const name of STATE) expect(withoutLetters.series(name)).not.toEqual([]);

    await runSql(database.url, 'alter table lost_messages rename to leftfold_inbox_messages');
    const again = await scrape(app);

    expect(again.value('leftfold_dead_letters', { subscription: WELCOME_MAIL, kind: 'event' })).toBe(0);
  });
});

describe('metrics while PostgreSQL is down', () => {
  it('show only those of the process', async () => {
    const database = await createAppDatabase('postgres');
    const proxy = await startCuttingProxy(database.url, 'no connection is cut yet');
    const app = await TestApp.start({ ...database, url: proxy.url, viewsUrl: proxy.url }, { ROLE: 'api' });
    const before = await scrape(app);

    await proxy.close();
    const answer = await app.anyone.get('/metrics');
    await app.close();
    await database.drop();

    const metrics = expectMetrics(answer);
    expect(missingIn(metrics)).toEqual({ log: 1, subscriptions: 1, 'dead-letters': 1 });
    for (const name of [...STATE, 'leftfold_log_position', 'leftfold_dead_letters']) {
      expect(before.series(name)).not.toEqual([]);
      expect(metrics.series(name)).toEqual([]);
    }
    expect(metrics.value(...STORED)).toBe(before.value(...STORED));
    expect(metrics.value('process_cpu_seconds_total')).toBeGreaterThan(0);
  });
});
