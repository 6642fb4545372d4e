import { expectProblem, ISO_TIME, placeOf } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { inPages, pageOf } from './pages.js';

const NOON = '2026-01-31T12:00:00Z';

describe('GET /events', () => {
  const here = useApp('sqlite');

  beforeAll(async () => {
    await Promise.all(
      Array.from({ length: 6 }, () =>
        here.ann.put(`${here.ann.path}/email`, { email: someNames().email, currentPassword: here.ann.password }),
      ),
    );
  });

  it('lists the whole log, in order', async () => {
    const { items, nextCursor } = await pageOf(here.operator, '/events');

    expect(items.map(({ type }) => type)).toEqual([
      'users.user-registered',
      'users.role-granted',
      'users.user-logged-in',
      'users.user-registered',
      'users.user-logged-in',
      'users.user-registered',
      'users.user-logged-in',
      ...Array.from({ length: 6 }, () => 'users.email-changed'),
    ]);
    const positions = items.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].toSorted((one, other) => one - other));
    const times = items.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted());
    expect(times.every((time) => ISO_TIME.test(time))).toBe(true);
    expect(nextCursor).toBeNull();
  });

  it.each([1, 4, 200])('comes in pages of up to %d, with every event once', async (limit) => {
    expect(await inPages(here.operator, '/events', 'position', limit)).toEqual(
      (await pageOf(here.operator, '/events')).items,
    );
  });

  it('is empty after its end', async () => {
    for (const after of [await here.app.head(), Number.MAX_SAFE_INTEGER]) {
      expect(await pageOf(here.operator, '/events', { after })).toEqual({ items: [], nextCursor: null });
    }
  });

  it('shows the actor and the request', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const headers = { 'x-correlation-id': 'ticket-4711', traceparent };
    const changed = await here.ann.put(`${here.ann.path}/username`, { username: someNames().username }, headers);
    const { position } = placeOf(changed);

    expect(changed.headers['x-correlation-id']).toBe('ticket-4711');
    expect((await pageOf(here.operator, '/events', { after: position - 1 })).items).toMatchObject([
      { actor: here.ann.userId, correlationId: 'ticket-4711', causationId: null },
    ]);
    const [row] = await runSql(
      here.app.database.url,
      `select metadata from leftfold_events where position = ${position}`,
    );
    expect(JSON.stringify(row)).toContain(traceparent);
  });

  it('shows the first operator as made by the system', async () => {
    const { items } = await pageOf(here.operator, '/events', { limit: 2 });

    expect(items).toMatchObject([
      { actor: 'system', version: 1, data: { email: here.operator.email } },
      { actor: 'system', version: 2, data: { role: 'operator' } },
    ]);
    expect(items[0]?.correlationId).toBe(items[1]?.correlationId);
  });

  it.each([
    ['type', `type=${'t'.repeat(200)}`],
    ['category', `category=c${'a'.repeat(252)}`],
    ['actor', `actor=${'%C3%A4'.repeat(255)}`],
    ['correlationId', `correlationId=${'c'.repeat(255)}`],
  ])('accepts the longest possible %s', async (_field, query) => {
    expect((await here.operator.get(`/events?${query}`)).body).toEqual({ items: [], nextCursor: null });
  });

  it.each<[field: string, values: string[]]>([
    ['type', ['', 'a%20b', 't'.repeat(201), 'samples.rare%00', 'samples.%C3%A4', 'a&type=a']],
    ['type[]', ['samples.rare']],
    ['category', ['', 'user-1', 'us%20er', 'c'.repeat(254), 'odd&category=even']],
    ['actor', ['', 'a%0Ab', '%00', 'a'.repeat(256), 'a&actor=b']],
    ['correlationId', ['', '%7F', 'c'.repeat(256), 'a&correlationId=a']],
    ['correlationid', ['request-1']],
    ['from', ['', 'yesterday', '2026-01-31', '2026-01-31T12:00:00', '2026-02-30T12:00:00Z', '2026-01-31T25:00:00Z']],
    ['from', ['1769860800000', `${NOON}&from=${NOON}`]],
    ['from', [`2026-01-31T12:00:00.001Z&to=${NOON}`, `${NOON}&to=2026-01-31T12:00:00%2B01:00`]],
    ['to', ['', '2026-01-31T12:00:00', `2026-02-30T12:00:00Z&from=${NOON}`, `${NOON}&to=${NOON}`]],
  ])('refuses a bad %s', async (field, values) => {
    for (const value of values) {
      const answer = await here.operator.get(`/events?${field}=${value}`);

      expectProblem(answer, 400, 'validation-failed', { instance: '/events', fields: [field] });
      const { errors } = answer.body as { errors: { message: string }[] };
      expect(errors[0]!.message).toMatch(/^\S.*\.$/);
    }
  });

  it('names every invalid parameter', async () => {
    const answer = await here.operator.get('/events?type=&category=&actor=&correlationId=&from=&to=&after=&limit=');

    expectProblem(answer, 400, 'validation-failed', {
      fields: ['type', 'category', 'actor', 'correlationId', 'from', 'to', 'after', 'limit'],
    });
  });
});
