import type { EventItem } from '../../src/platform/history/event-item.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem, ISO_TIME, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';

interface Page {
  readonly items: EventItem[];
  readonly nextCursor: number | null;
}

describe.each(DATABASE_KINDS)('GET /events on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await Promise.all(Array.from({ length: 6 }, () => ann.put(`${ann.path}/email`, { email: someNames().email })));
  });

  afterAll(() => app.close());

  const pageOf = async (query: string): Promise<Page> => (await operator.get(`/events${query}`)).body as Page;

  it('tells the whole log, in order', async () => {
    const { items, nextCursor } = await pageOf('');

    expect(items.map(({ type }) => type)).toEqual([
      'users.user-registered',
      'users.role-granted',
      'users.user-logged-in',
      'users.user-registered',
      'users.user-logged-in',
      ...Array.from({ length: 6 }, () => 'users.email-changed'),
    ]);
    const positions = items.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(new Set(positions).size).toBe(positions.length);
    const times = items.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted());
    expect(times.every((time) => ISO_TIME.test(time))).toBe(true);
    expect(nextCursor).toBeNull();
  });

  it.each([1, 4, 200])('comes in pages of up to %d, with every event once', async (limit) => {
    const all = (await pageOf('')).items;
    const seen: EventItem[] = [];

    let after: number | null = 0;
    do {
      const page: Page = await pageOf(`?limit=${limit}&after=${after}`);
      seen.push(...page.items);
      if (page.nextCursor !== null) expect(page.nextCursor).toBe(page.items.at(-1)?.position);
      after = page.nextCursor;
    } while (after !== null);

    expect(seen).toEqual(all);
  });

  it('is empty after its end', async () => {
    for (const after of [await app.head(), Number.MAX_SAFE_INTEGER]) {
      expect(await pageOf(`?after=${after}`)).toEqual({ items: [], nextCursor: null });
    }
  });

  it('says who did it, in which request', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const changed = await ann.put(
      `${ann.path}/username`,
      { username: someNames().username },
      { 'x-correlation-id': 'ticket-4711', traceparent },
    );
    const { position } = placeOf(changed);

    expect(changed.headers['x-correlation-id']).toBe('ticket-4711');
    expect((await pageOf(`?after=${position - 1}`)).items).toMatchObject([
      { actor: ann.userId, correlationId: 'ticket-4711', causationId: null },
    ]);
    const [row] = await runSql(app.database.url, `select metadata from events where position = ${position}`);
    expect(JSON.stringify(row)).toContain(traceparent);
  });

  it('shows the first operator as made by the system', async () => {
    const { items } = await pageOf('?limit=2');

    expect(items).toMatchObject([
      { actor: 'system', version: 1, data: { email: operator.email } },
      { actor: 'system', version: 2, data: { role: 'operator' } },
    ]);
    expect(items[0]?.correlationId).toBe(items[1]?.correlationId);
  });

  it('is for operators', async () => {
    expectProblem(await ann.get('/events'), 403, 'forbidden', { instance: '/events' });
    expectProblem(await app.anyone.get('/events'), 401, 'not-signed-in', { instance: '/events' });
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=-1'],
    ['limit', 'limit=ten'],
    ['limit', 'limit=1&limit=2'],
    ['after', 'after=-1'],
    ['after', 'after='],
    ['after', 'after=first'],
    ['after', 'after=1.5'],
    ['after', 'after=9007199254740993'],
    ['after', 'after=1&after=2'],
    ['cursor', 'cursor=1'],
  ])('refuses a bad %s: ?%s', async (field, query) => {
    expectProblem(await operator.get(`/events?${query}`), 400, 'validation-failed', { fields: [field] });
  });

  it('can’t be written', async () => {
    await expectNothingStored(app, async () => {
      for (const method of ['post', 'put', 'delete'] as const) {
        expectProblem(await operator.send(method, '/events', undefined), 404, 'route-not-found');
      }
    });
  });
});
