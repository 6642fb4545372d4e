import type { EventItem } from '../../src/platform/history/event-item.js';
import type { UserAnswer } from '../../src/users/user.answer.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem, ISO_TIME, placeOf } from '../support/expectations.js';
import { NOBODY, type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

interface Page {
  readonly items: EventItem[];
  readonly nextCursor: string | null;
}

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let path: string;
  let events: EventItem[];
  /** What the user was at version 1, 2, ... */
  let states: UserAnswer[];
  const after = someNames();

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    const before = await app.register();
    await untilNextMillisecond();
    ann = await app.signIn(before);
    path = `${ann.path}/history`;
    for (const change of [
      () => ann.put(`${ann.path}/email`, { email: after.email }),
      () => ann.put(`${ann.path}/username`, { username: after.username }),
      () => operator.put(`${ann.path}/roles/operator`),
      () => operator.delete(`${ann.path}/roles/operator`),
    ]) {
      await untilNextMillisecond();
      await app.register();
      await change();
    }
    events = (await pageOf('')).items;

    const { userId, username, email } = before;
    const first = { userId, username, email, roles: ['customer'] as const, registeredAt: timeOf(1), version: 1 };
    const second = { ...first, lastLoginTime: events[1]!.data.loginTime as string, version: 2 };
    const third = { ...second, email: after.email, version: 3 };
    const fourth = { ...third, username: after.username, version: 4 };
    const fifth = { ...fourth, roles: ['customer', 'operator'] as const, version: 5 };
    states = [{ ...first, lastLoginTime: null }, second, third, fourth, fifth, { ...fourth, version: 6 }];
  });

  afterAll(() => app.close());

  const pageOf = async (query: string): Promise<Page> => (await ann.get(`${path}${query}`)).body as Page;
  const timeOf = (version: number, plus = 0): string =>
    new Date(Date.parse(events[version - 1]!.recordedAt) + plus).toISOString();

  describe('GET /users/:userId/history', () => {
    it('tells everything that happened, oldest first', async () => {
      const { items, nextCursor } = await pageOf('');

      const { userId, username, email } = ann;
      expect(items.map(({ version, type, data, actor }) => [version, type, data, actor])).toEqual([
        [1, 'users.user-registered', { userId, username, email }, 'anonymous'],
        [2, 'users.user-logged-in', { userId, loginTime: expect.stringMatching(ISO_TIME) }, 'anonymous'],
        [3, 'users.email-changed', { userId, email: after.email, previousEmail: email }, userId],
        [4, 'users.username-changed', { userId, username: after.username, previousUsername: username }, userId],
        [5, 'users.role-granted', { userId, role: 'operator' }, operator.userId],
        [6, 'users.role-revoked', { userId, role: 'operator' }, operator.userId],
      ]);
      expect(nextCursor).toBeNull();
    });

    it('tells it as the log has it', async () => {
      const logged = (await app.eventsAfter(0)).filter(({ stream }) => stream === `user-${ann.userId}`);

      expect(events).toEqual(logged);
      expect(events[1]!.position).toBe(placeOf(ann.signedIn).position);
      expect(events[1]!.correlationId).toBe(ann.signedIn.headers['x-correlation-id']);
      expect((await operator.get(path)).body).toEqual(await pageOf(''));
    });

    it.each([1, 4, 6, 200])('comes in pages of up to %d, with every event once', async (limit) => {
      const seen: EventItem[] = [];

      let cursor: string | null = null;
      do {
        const page: Page = await pageOf(`?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
        expect(page.items.length).toBeGreaterThan(0);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);

      expect(seen).toEqual(events);
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

      expect(await pageOf(`?cursor=${cursor}`)).toEqual({ items: [], nextCursor: null });
    });
  });

  describe('a user as it was', () => {
    it('is found by version, by oneself and by operators', async () => {
      for (const [index, state] of states.entries()) {
        for (const [by, at] of [
          [ann, '/users/me'],
          [ann, ann.path],
          [operator, ann.path],
        ] as const) {
          expect(await by.get(`${at}?version=${index + 1}`)).toMatchObject({ status: 200, body: state });
        }
      }
    });

    it('is found by time: an event counts from the moment of its recording', async () => {
      for (const [index, state] of states.entries()) {
        expect((await ann.get(`/users/me?at=${timeOf(index + 1)}`)).body).toEqual(state);
        const justBefore = await ann.get(`/users/me?at=${timeOf(index + 1, -1)}`);
        if (index === 0) expectProblem(justBefore, 404, 'version-not-found', { instance: '/users/me' });
        else expect(justBefore.body).toEqual(states[index - 1]);
      }
    });

    it('is the same as now at the last version, and in the future', async () => {
      const now = (await ann.get('/users/me', { 'leftfold-min-position': String(events.at(-1)!.position) })).body;

      expect(now).toEqual(states.at(-1));
      expect((await ann.get('/users/me?at=2999-12-31T23:59:59.999Z')).body).toEqual(now);
    });

    it('takes a time in any zone, with or without seconds', async () => {
      const elsewhere = new Date(Date.parse(timeOf(3)) + 5.5 * 3_600_000).toISOString().replace('Z', '%2B05:30');

      expect((await ann.get(`/users/me?at=${elsewhere}`)).body).toEqual(states[2]);
      expect((await ann.get('/users/me?at=2999-12-31T23:59Z')).body).toEqual(states.at(-1));
    });

    it('has no entity tag, and is always answered in full', async () => {
      for (const query of ['version=6', `at=${timeOf(6)}`]) {
        const answer = await ann.get(`/users/me?${query}`, { 'if-none-match': '"6", *' });

        expect(answer).toMatchObject({ status: 200, body: states[5] });
        expect(answer.headers.etag).toBeUndefined();
        expect(answer.headers['cache-control']).toBe('private, no-cache');
      }
    });

    it.each([
      'version=0',
      'version=7',
      'version=9007199254740991',
      'at=1970-01-01T00:00:00Z',
      'at=0001-01-01T00:00:00Z',
    ])('was never at %s', async (query) => {
      for (const at of ['/users/me', ann.path]) {
        expectProblem(await ann.get(`${at}?${query}`), 404, 'version-not-found', { instance: at });
      }
    });

    it('was never there when nobody is', async () => {
      for (const query of ['version=1', 'at=2999-01-01T00:00:00Z', 'at=1970-01-01T00:00:00Z']) {
        expectProblem(await operator.get(`/users/${NOBODY}?${query}`), 404, 'user-not-found');
      }
      expectProblem(await operator.get(`/users/${NOBODY}/history`), 404, 'user-not-found');
    });
  });
});

/** So that no two events have the same time. */
async function untilNextMillisecond(): Promise<void> {
  const start = Date.now();
  while (Date.now() <= start + 1) await new Promise((resume) => setImmediate(resume));
}
