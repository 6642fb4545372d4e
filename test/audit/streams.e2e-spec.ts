import type { EventItem } from '../../src/platform/history/event-item.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { appendSamples } from './samples.js';

interface Page {
  readonly items: EventItem[];
  readonly nextCursor: number | null;
}

describe.each(DATABASE_KINDS)('GET /streams/:stream on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let path: string;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    // Between those of the stream, so that positions and versions differ.
    for (let count = 0; count < 5; count++) {
      await appendSamples(app, 'sample-1', [{}]);
      await ann.put(`${ann.path}/email`, { email: someNames().email });
    }
    path = `/streams/user-${ann.userId}`;
  });

  afterAll(() => app.close());

  const pageOf = async (query: string): Promise<Page> => (await operator.get(`${path}${query}`)).body as Page;

  it('tells one stream, oldest first', async () => {
    const { items, nextCursor } = await pageOf('');

    expect(items.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(items.map(({ type }) => type)).toEqual([
      'users.user-registered',
      'users.user-logged-in',
      ...Array.from({ length: 5 }, () => 'users.email-changed'),
    ]);
    expect(nextCursor).toBeNull();
    const log = (await operator.get('/events?limit=200')).body as Page;
    expect(items).toEqual(log.items.filter(({ stream }) => stream === `user-${ann.userId}`));
  });

  it.each([1, 3, 7, 200])('comes in pages of up to %d, by version', async (limit) => {
    const all = (await pageOf('')).items;
    const seen: EventItem[] = [];

    for (let after: number | null = 0; after !== null;) {
      const page: Page = await pageOf(`?limit=${limit}&after=${after}`);
      expect(page.items).not.toEqual([]);
      seen.push(...page.items);
      if (page.nextCursor !== null) expect(page.nextCursor).toBe(page.items.at(-1)!.version);
      after = page.nextCursor;
    }

    expect(seen).toEqual(all);
  });

  it('is an empty list after its end, as long as there is such a stream', async () => {
    for (const after of [7, 8, Number.MAX_SAFE_INTEGER]) {
      expect(await pageOf(`?after=${after}`)).toEqual({ items: [], nextCursor: null });
    }
    expectProblem(await operator.get('/streams/sample-2?after=1'), 404, 'stream-not-found');
  });

  it.each([
    'sample-2',
    'user-01890a5d-ac96-774b-bcce-b302099a8057',
    'user',
    'user-',
    '-1',
    'User-1',
    '1',
    'sample-1%00',
    'sample-1%20',
    'SAMPLE-1',
    `sample-${'x'.repeat(300)}`,
    '%F0%9F%98%80',
  ])('says that there is no %s', async (stream) => {
    expectProblem(await operator.get(`/streams/${stream}`), 404, 'stream-not-found', {
      instance: `/streams/${stream}`,
    });
  });

  it('finds a stream whatever its id is made of, up to the longest', async () => {
    for (const stream of ['sample-a/b?c#d é%😀', `sample-${'ä'.repeat(248)}`]) {
      await appendSamples(app, stream, [{}]);
      const { body } = await operator.get(`/streams/${encodeURIComponent(stream)}`);
      expect(body).toMatchObject({ items: [{ stream, version: 1 }], nextCursor: null });
    }
  });

  it('has no entity tag: it is a list', async () => {
    const { headers } = await operator.get(path);

    expect(headers).not.toHaveProperty('etag');
    expect(headers['cache-control']).toBe('private, no-cache');
  });

  it('is for operators', async () => {
    expectProblem(await ann.get(path), 403, 'forbidden', { instance: path });
    expectProblem(await app.anyone.get(path), 401, 'not-signed-in', { instance: path });
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['after', 'after=-1'],
    ['after', 'after='],
    ['after', 'after=1&after=2'],
    ['type', 'type=users.user-registered'],
    ['cursor', 'cursor=1'],
  ])('refuses a bad %s: ?%s', async (field, query) => {
    expectProblem(await operator.get(`${path}?${query}`), 400, 'validation-failed', { fields: [field] });
  });

  it('can’t be written', async () => {
    await expectNothingStored(app, async () => {
      for (const method of ['post', 'put', 'delete'] as const) {
        expectProblem(await operator.send(method, path), 404, 'route-not-found');
      }
    });
  });
});
