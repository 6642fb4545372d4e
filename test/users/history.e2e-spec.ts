import type { EventItem } from '../../src/platform/history/event-item.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem, ISO_TIME, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

interface Page {
  readonly items: EventItem[];
  readonly nextCursor: string | null;
}

describe.each(DATABASE_KINDS)('GET /users/:userId/history on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let path: string;
  const renamed = [someNames(), someNames(), someNames()];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    path = `${ann.path}/history`;
    await app.register();
    for (const { username } of renamed) await ann.put(`${ann.path}/username`, { username });
    await ann.put(`${ann.path}/email`, { email: renamed[0]!.email });
    await operator.put(`${ann.path}/roles/operator`);
    await operator.delete(`${ann.path}/roles/operator`);
  });

  afterAll(() => app.close());

  const pageOf = async (query: string): Promise<Page> => (await ann.get(`${path}${query}`)).body as Page;

  it('tells everything that happened, oldest first', async () => {
    const { items, nextCursor } = await pageOf('');

    const { userId, username, email } = ann;
    const [one, two, three] = renamed.map((names) => names.username);
    expect(items.map(({ version, type, data, actor }) => [version, type, data, actor])).toEqual([
      [1, 'users.user-registered', { userId, username, email }, 'anonymous'],
      [2, 'users.user-logged-in', { userId, loginTime: expect.stringMatching(ISO_TIME) }, 'anonymous'],
      [3, 'users.username-changed', { userId, username: one, previousUsername: username }, userId],
      [4, 'users.username-changed', { userId, username: two, previousUsername: one }, userId],
      [5, 'users.username-changed', { userId, username: three, previousUsername: two }, userId],
      [6, 'users.email-changed', { userId, email: renamed[0]!.email, previousEmail: email }, userId],
      [7, 'users.role-granted', { userId, role: 'operator' }, operator.userId],
      [8, 'users.role-revoked', { userId, role: 'operator' }, operator.userId],
    ]);
    expect(nextCursor).toBeNull();
  });

  it('tells it as the log has it', async () => {
    const { items } = await pageOf('');

    const logged = (await app.eventsAfter(0)).filter(({ stream }) => stream === `user-${ann.userId}`);
    expect(items).toEqual(logged);
    expect(items[1]!.position).toBe(placeOf(ann.signedIn).position);
    expect(items[1]!.correlationId).toBe(ann.signedIn.headers['x-correlation-id']);
  });

  it.each([1, 3, 8, 200])('comes in pages of up to %d, with every event once', async (limit) => {
    const all = (await pageOf('')).items;
    const seen: EventItem[] = [];

    let cursor: string | null = null;
    do {
      const page: Page = await pageOf(`?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeGreaterThan(0);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);

    expect(seen).toEqual(all);
  });

  it('goes on where it ended when more has happened', async () => {
    const bob = await app.customer();
    const first = (await bob.get(`${bob.path}/history?limit=1`)).body as Page;
    const changed = await bob.put(`${bob.path}/email`, { email: someNames().email });

    const rest = (await bob.get(`${bob.path}/history?cursor=${first.nextCursor}`)).body as Page;

    expect(rest.items.map(({ version }) => version)).toEqual([2, 3]);
    expect(rest.items.at(-1)?.position).toBe(placeOf(changed).position);
  });

  it('is empty after its end', async () => {
    const cursor = Buffer.from(String(Number.MAX_SAFE_INTEGER)).toString('base64url');

    expect(await ann.get(`${path}?cursor=${cursor}`)).toMatchObject({
      status: 200,
      body: { items: [], nextCursor: null },
    });
  });

  it('is open to operators', async () => {
    expect((await operator.get(path)).body).toEqual(await pageOf(''));
  });

  it('does not exist for other customers', async () => {
    const bob = await app.customer();

    expectProblem(await bob.get(path), 404, 'user-not-found', { instance: path });
    expectProblem(await bob.get(`/users/${NOBODY}/history`), 404, 'user-not-found');
    expectProblem(await operator.get(`/users/${NOBODY}/history`), 404, 'user-not-found');
  });

  it('asks strangers to sign in', async () => {
    expectProblem(await app.anyone.get(path), 401, 'not-signed-in', { instance: path });
  });

  it.each(['0', '201', '-1', '1.5', 'ten', '', '1&limit=2', '1e1'])('refuses limit=%s', async (limit) => {
    expectProblem(await ann.get(`${path}?limit=${limit}`), 400, 'validation-failed', { fields: ['limit'] });
  });

  it.each([
    ['no base64', '!'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['of another list', Buffer.from(JSON.stringify(NOBODY)).toString('base64url')],
    ['negative', Buffer.from('-1').toString('base64url')],
    ['a fraction', Buffer.from('1.5').toString('base64url')],
    ['too large', Buffer.from('9007199254740993').toString('base64url')],
    ['very long', 'a'.repeat(3_000)],
    ['empty', ''],
  ])('refuses a cursor that is %s', async (_what, cursor) => {
    expectProblem(await ann.get(`${path}?cursor=${cursor}`), 400, 'validation-failed', { fields: ['cursor'] });
  });

  it('does not take what it does not know', async () => {
    expectProblem(await ann.get(`${path}?after=1`), 400, 'validation-failed', { fields: ['after'] });
  });
});
