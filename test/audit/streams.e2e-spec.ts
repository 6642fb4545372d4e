import { expectProblem } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';
import { inPages, pageOf } from './pages.js';
import { appendSamples } from './samples.js';

describe('GET /streams/:stream', () => {
  const here = useApp('sqlite');
  let path: string;

  beforeAll(async () => {
    // Appended between the stream's events, so that positions and versions differ.
    for (let count = 0; count < 5; count++) {
      await appendSamples(here.app, 'sample-1', [{}]);
      await here.ann.put(`${here.ann.path}/email`, { email: someNames().email, currentPassword: here.ann.password });
    }
    path = `/streams/user-${here.ann.userId}`;
  });

  it('lists one stream, oldest first', async () => {
    const { items, nextCursor } = await pageOf(here.operator, path);

    expect(items.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(items.map(({ type }) => type)).toEqual([
      'users.user-registered',
      'users.user-logged-in',
      ...Array.from({ length: 5 }, () => 'users.email-changed'),
    ]);
    expect(nextCursor).toBeNull();
    const log = await pageOf(here.operator, '/events', { limit: 200 });
    expect(items).toEqual(log.items.filter(({ stream }) => stream === `user-${here.ann.userId}`));
  });

  it.each([1, 3, 7])('comes in pages of up to %d, by version', async (limit) => {
    expect(await inPages(here.operator, path, 'version', limit)).toEqual((await pageOf(here.operator, path)).items);
  });

  it('is an empty list after its end, for an existing stream', async () => {
    for (const after of [7, 8, Number.MAX_SAFE_INTEGER]) {
      expect(await pageOf(here.operator, path, { after })).toEqual({ items: [], nextCursor: null });
    }
    expectProblem(await here.operator.get('/streams/sample-2?after=1'), 404, 'stream-not-found');
  });

  it.each([
    'sample-2',
    'user-01890a5d-ac96-774b-bcce-b302099a8057',
    'user',
    'user-',
    '-1',
    'User-1',
    'sample-1%00',
    'sample-1%20',
    'SAMPLE-1',
    `sample-${'x'.repeat(300)}`,
    '%F0%9F%98%80',
  ])('answers 404 for %s', async (stream) => {
    const instance = `/streams/${stream}`;
    expectProblem(await here.operator.get(instance), 404, 'stream-not-found', { instance });
  });

  it('finds a stream with any characters in its id, up to the longest', async () => {
    for (const stream of ['sample-a/b?c#d é%😀', `sample-${'ä'.repeat(248)}`]) {
      await appendSamples(here.app, stream, [{}]);
      const { items, nextCursor } = await pageOf(here.operator, `/streams/${encodeURIComponent(stream)}`);
      expect({ items, nextCursor }).toMatchObject({ items: [{ stream, version: 1 }], nextCursor: null });
    }
  });
});
