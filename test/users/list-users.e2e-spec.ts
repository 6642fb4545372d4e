import type { UserAnswer } from '../../src/users/user.answer.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { type Account, type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

interface Page {
  readonly items: UserAnswer[];
  readonly nextCursor: string | null;
}

const PEOPLE = 7;

describe.each(DATABASE_KINDS)('GET /users on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let people: Account[];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    people = [operator, ann];
    while (people.length < PEOPLE) people.push(await app.register());
    await app.caughtUpWith((await app.operator()).signedIn);
    await operator.get('/users', { 'leftfold-min-position': String(await app.head()) });
  });

  afterAll(() => app.close());

  const pageOf = async (query: string): Promise<Page> => (await operator.get(`/users${query}`)).body as Page;
  const search = (names: { email?: string; username?: string }): Promise<Page> =>
    pageOf(`?${String(new URLSearchParams({ ...names }))}`);

  it('lists everybody, as a look-up shows them', async () => {
    const answer = await operator.get('/users');

    const { items, nextCursor } = answer.body as Page;
    expect(items.map(({ userId }) => userId).toSorted()).toEqual(people.map(({ userId }) => userId).toSorted());
    expect(items.find(({ userId }) => userId === ann.userId)).toEqual((await ann.get('/users/me')).body);
    expect(nextCursor).toBeNull();
    expect(answer.headers['cache-control']).toBe('private, no-cache');
    expect(answer.headers.etag).toBeUndefined();
  });

  it.each([1, 2, 3, PEOPLE, 200])('comes in pages of up to %d, with everybody once', async (limit) => {
    const all = (await pageOf('')).items;
    const seen: UserAnswer[] = [];

    let cursor: string | null = null;
    do {
      const page: Page = await pageOf(`?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.items).toHaveLength(Math.min(limit, PEOPLE - seen.length));
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);

    expect(seen).toEqual(all);
  });

  it('shows people who came later on later pages', async () => {
    const crowd = await TestApp.start(kind);
    const first = (await (await crowd.operator()).get('/users?limit=1')).body as Page;
    const [bob, eve] = [await crowd.register(), await crowd.register()];
    await crowd.caughtUpWith(eve.registered);

    const all = (await (await crowd.operator()).get('/users')).body as Page;
    const second = (await (await crowd.operator()).get('/users?limit=1')).body as Page;
    const rest = (await (await crowd.operator()).get(`/users?cursor=${second.nextCursor}`)).body as Page;
    await crowd.close();

    expect(first).toMatchObject({ items: [{ email: 'olga@example.com' }], nextCursor: null });
    expect([...second.items, ...rest.items]).toEqual(all.items);
    expect(all.items.map(({ userId }) => userId)).toEqual(expect.arrayContaining([bob.userId, eve.userId]));
  });

  it('finds by address and by user name, in any spelling', async () => {
    const [found] = (await pageOf('')).items.filter(({ userId }) => userId === ann.userId);

    for (const names of [
      { email: ann.email },
      { email: ` ${ann.email.toUpperCase()} ` },
      { email: `\uFF21${ann.email.slice(1)}` },
      { username: ann.username },
      { username: `  ${ann.username.toUpperCase()}` },
      { email: ann.email, username: ann.username },
    ]) {
      expect(await search(names)).toEqual({ items: [found], nextCursor: null });
    }
  });

  it('finds nobody whom nobody is', async () => {
    for (const names of [
      { email: 'nobody.at.all@example.com' },
      { email: ann.email.slice(0, -1) },
      { email: '%' },
      { email: '' },
      { username: '' },
      { email: ann.email, username: people[3]!.username },
    ]) {
      expect(await search(names)).toEqual({ items: [], nextCursor: null });
    }
  });

  it('finds by the new name once it has changed, and by the old one no longer', async () => {
    const { email, username } = someNames();
    const bob = await app.customer();
    await bob.put(`${bob.path}/email`, { email });
    await app.caughtUpWith(await bob.put(`${bob.path}/username`, { username }));

    expect((await search({ email })).items).toMatchObject([{ userId: bob.userId, email }]);
    expect((await search({ username })).items).toMatchObject([{ userId: bob.userId, username }]);
    expect((await search({ email: bob.email })).items).toEqual([]);
    expect((await search({ username: bob.username })).items).toEqual([]);
  });

  it('is for operators', async () => {
    expectProblem(await ann.get('/users'), 403, 'forbidden', { instance: '/users' });
    expectProblem(await ann.get(`/users?email=${ann.email}`), 403, 'forbidden', { instance: '/users' });
    expectProblem(await app.anyone.get('/users'), 401, 'not-signed-in', { instance: '/users' });
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=-1'],
    ['limit', 'limit=2.5'],
    ['limit', 'limit=all'],
    ['limit', 'limit='],
    ['limit', 'limit=1&limit=2'],
    ['cursor', 'cursor='],
    ['cursor', 'cursor=x'],
    ['cursor', `cursor=${Buffer.from('7').toString('base64url')}`],
    ['cursor', `cursor=${Buffer.from('"7"').toString('base64url')}`],
    ['cursor', `cursor=${'a'.repeat(3_000)}`],
    ['email', 'email=a&email=b'],
    ['email', `email=${'a'.repeat(300)}`],
    ['email', 'email=a%00b'],
    ['email', 'email[like]=a'],
    ['username', `username=${'a'.repeat(300)}`],
    ['username', 'username=a%00b'],
    ['password', 'password=x'],
    ['after', 'after=1'],
  ])('refuses a bad %s: ?%.40s', async (field, query) => {
    const answer = await operator.get(`/users?${query}`);

    expectProblem(answer, 400, 'validation-failed', { instance: '/users' });
    expect((answer.body as { errors: { field: string }[] }).errors[0]!.field).toMatch(new RegExp(`^${field}`));
  });
});
