import type { UserAnswer } from '../../src/users/user.answer.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { inPages } from '../support/in-pages.js';
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
    while (people.length < PEOPLE - 1) people.push(await app.register());
    const last = await app.register();
    people.push(last);
    await app.caughtUpWith(last.registered);
  });

  afterAll(() => app.close());

  const pageOf = async (query: string): Promise<Page> => (await operator.get(`/users${query}`)).body as Page;
  const search = (names: { email?: string; username?: string }): Promise<Page> =>
    pageOf(`?${String(new URLSearchParams({ ...names }))}`);

  it('lists all users, as GET shows each', async () => {
    const answer = await operator.get('/users');

    const { items, nextCursor } = answer.body as Page;
    expect(items.map(({ userId }) => userId).toSorted()).toEqual(people.map(({ userId }) => userId).toSorted());
    expect(items.find(({ userId }) => userId === ann.userId)).toEqual((await ann.get('/users/me')).body);
    expect(nextCursor).toBeNull();
    expect(answer.headers['cache-control']).toBe('private, no-cache');
    expect(answer.headers.etag).toBeUndefined();
  });

  it.each([1, 2, 3, PEOPLE, 200])('comes in pages of up to %d, with every user once', async (limit) => {
    expect(await inPages<UserAnswer>(operator, '/users', limit)).toEqual((await pageOf('')).items);
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

  it('finds no user with an unknown name', async () => {
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

  it('shows new users on later pages', async () => {
    const first = await pageOf(`?limit=${PEOPLE - 1}`);
    const [bob, eve] = [await app.register(), await app.register()];
    await app.caughtUpWith(eve.registered);

    const rest = await pageOf(`?cursor=${first.nextCursor}`);

    expect([...first.items, ...rest.items]).toEqual((await pageOf('')).items);
    expect(rest.items.map(({ userId }) => userId)).toEqual(expect.arrayContaining([bob.userId, eve.userId]));
  });

  it('finds by the new name after a change, and no longer by the old one', async () => {
    const { email, username } = someNames();
    const bob = await app.customer();
    await bob.put(`${bob.path}/email`, { email, currentPassword: bob.password });
    await app.caughtUpWith(await bob.put(`${bob.path}/username`, { username }));

    expect((await search({ email })).items).toMatchObject([{ userId: bob.userId, email }]);
    expect((await search({ username })).items).toMatchObject([{ userId: bob.userId, username }]);
    expect((await search({ email: bob.email })).items).toEqual([]);
    expect((await search({ username: bob.username })).items).toEqual([]);
  });
});
