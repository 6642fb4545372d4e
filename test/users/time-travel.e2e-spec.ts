import type { EventItem } from '../../src/platform/history/event-item.js';
import type { UserAnswer } from '../../src/users/user.answer.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

describe.each(DATABASE_KINDS)('a user as it was, on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let events: EventItem[];
  /** What the user was at version 1, 2, ... */
  let states: UserAnswer[];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    const [before, after] = [someNames(), someNames()];
    const { userId } = await app.register(before);
    await untilNextMillisecond();
    ann = await app.signIn(before);
    for (const change of [
      () => ann.put(`${ann.path}/email`, { email: after.email }),
      () => ann.put(`${ann.path}/username`, { username: after.username }),
      () => operator.put(`${ann.path}/roles/operator`),
      () => operator.delete(`${ann.path}/roles/operator`),
    ]) {
      await untilNextMillisecond();
      await change();
    }
    events = ((await ann.get(`${ann.path}/history`)).body as { items: EventItem[] }).items;

    const { username, email } = before;
    const first = { userId, username, email, roles: ['customer'] as const, registeredAt: timeOf(1), version: 1 };
    const second = { ...first, lastLoginTime: events[1]!.data.loginTime as string, version: 2 };
    const third = { ...second, email: after.email, version: 3 };
    const fourth = { ...third, username: after.username, version: 4 };
    const fifth = { ...fourth, roles: ['customer', 'operator'] as const, version: 5 };
    states = [{ ...first, lastLoginTime: null }, second, third, fourth, fifth, { ...fourth, version: 6 }];
  });

  afterAll(() => app.close());

  const timeOf = (version: number, plus = 0): string =>
    new Date(Date.parse(events[version - 1]!.recordedAt) + plus).toISOString();

  it('is found by version, by oneself and by operators', async () => {
    for (const [index, state] of states.entries()) {
      for (const [by, path] of [
        [ann, '/users/me'],
        [ann, ann.path],
        [operator, ann.path],
      ] as const) {
        const answer = await by.get(`${path}?version=${index + 1}`);
        expect({ status: answer.status, body: answer.body as unknown }).toEqual({ status: 200, body: state });
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

  it.each(['version=0', 'version=7', 'version=9007199254740991', 'at=1970-01-01T00:00:00Z', 'at=0001-01-01T00:00:00Z'])(
    'was never at %s',
    async (query) => {
      for (const path of ['/users/me', ann.path]) {
        expectProblem(await ann.get(`${path}?${query}`), 404, 'version-not-found', { instance: path });
      }
    },
  );

  it('was never there when nobody is', async () => {
    for (const query of ['version=1', 'at=2999-01-01T00:00:00Z', 'at=1970-01-01T00:00:00Z']) {
      expectProblem(await operator.get(`/users/${NOBODY}?${query}`), 404, 'user-not-found');
    }
  });

  it('is not shown to others', async () => {
    const bob = await app.customer();

    expectProblem(await bob.get(`${ann.path}?version=1`), 404, 'user-not-found');
    expectProblem(await app.anyone.get(`${ann.path}?version=1`), 401, 'not-signed-in');
  });

  it.each([
    ['version', 'version=-1'],
    ['version', 'version=1.5'],
    ['version', 'version=one'],
    ['version', 'version='],
    ['version', 'version=9007199254740993'],
    ['version', 'version=1&version=2'],
    ['version', 'version=0x1'],
    ['version', 'version=1&at=2999-01-01T00:00:00Z'],
    ['at', 'at='],
    ['at', 'at=yesterday'],
    ['at', 'at=2026-01-31'],
    ['at', 'at=2026-01-31T12:00:00'],
    ['at', 'at=2026-13-31T12:00:00Z'],
    ['at', 'at=2026-02-30T12:00:00Z'],
    ['at', 'at=2026-01-31T25:00:00Z'],
    ['at', 'at=1769860800000'],
    ['at', 'at=2026-01-31T12:00:00Z&at=2026-01-31T12:00:01Z'],
    ['until', 'until=2026-01-31T12:00:00Z'],
  ])('asks for a better %s than %s', async (field, query) => {
    expectProblem(await ann.get(`/users/me?${query}`), 400, 'validation-failed', { fields: [field] });
  });
});

/** So that no two events have the same time. */
async function untilNextMillisecond(): Promise<void> {
  const start = Date.now();
  while (Date.now() <= start + 1) await new Promise((resume) => setImmediate(resume));
}
