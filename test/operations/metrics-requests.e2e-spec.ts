import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { expectMetrics, type Exposition } from '../support/exposition.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { NOBODY } from './operating.js';

const REQUESTS = 'leftfold_http_request_duration_seconds_count';

describe.each(DATABASE_KINDS)('metrics of requests on %s', (kind) => {
  let app: TestApp;
  let ann: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
  });

  afterAll(() => app.close());

  const scrape = async (): Promise<Exposition> => expectMetrics(await app.anyone.get('/metrics'));

  it('count requests by the pattern of their route, and never by what people wrote', async () => {
    expect((await ann.get(ann.path)).status).toBe(200);
    expectProblem(await ann.get(`/users/${NOBODY}`), 404, 'user-not-found');
    expectProblem(await app.anyone.get(`${ann.path}?secret=1`), 401, 'not-signed-in');
    expectProblem(await app.anyone.get('/nowhere/ann@example.com'), 404, 'route-not-found');
    expectProblem(await app.anyone.post('/nowhere/else', {}), 404, 'route-not-found');

    const route = '/users/:userId';
    // A request is counted when its answer has left, which may be after it has arrived.
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

  it('don’t count those who look after the application', async () => {
    await app.anyone.get('/health/live');
    await app.anyone.get('/health/ready');

    const routes = (await scrape()).series(REQUESTS).map((labels) => labels.route);

    expect(routes).toContain('/sessions');
    expect(routes.filter((route) => /metrics|health/.test(route!))).toEqual([]);
  });
});
