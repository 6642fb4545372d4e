import type { Answer, Headers } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectNothingStored, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

/** A command with everything that it needs set up, to be sent as often as one likes. */
type Send = (headers: Headers) => Promise<Answer>;

describe.each(DATABASE_KINDS)('a command that comes again with its key, on %s,', (kind) => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
  });

  afterAll(() => app.close());

  const COMMANDS: Record<string, () => Promise<Send>> = {
    'PUT /users/:userId/email': async () => {
      const [ann, { email }] = [await app.customer(), someNames()];
      return (headers) => ann.put(`${ann.path}/email`, { email }, headers);
    },
    'PUT /users/:userId/username': async () => {
      const [ann, { username }] = [await app.customer(), someNames()];
      return (headers) => ann.put(`${ann.path}/username`, { username }, headers);
    },
    'PUT /users/:userId/roles/:role': async () => {
      const { userId } = await app.register();
      return (headers) => operator.put(`/users/${userId}/roles/operator`, undefined, headers);
    },
    'DELETE /users/:userId/roles/:role': async () => {
      const { userId } = await app.register();
      return (headers) => operator.delete(`/users/${userId}/roles/customer`, headers);
    },
    'POST /users/:userId/reversion': async () => {
      const ann = await app.customer();
      await ann.put(`${ann.path}/username`, { username: someNames().username });
      return (headers) => ann.post(`${ann.path}/reversion`, { toVersion: 1 }, headers);
    },
  };

  it.each(Object.keys(COMMANDS))('is answered as the first time, and stored once: %s', async (name) => {
    const send = await COMMANDS[name]!();
    const key = someKey();
    const before = await app.head();
    const first = expectFirst(await send(key), 200);
    expect(placeOf(first).position).toBe(before + 1);
    // Somebody else's events come between: the answer is the first one's, not one about now.
    await app.register();

    await expectNothingStored(app, async () => {
      for (let time = 0; time < 3; time++) expectReplay(await send(key), first);
    });
  });

  it.each(Object.keys(COMMANDS))('without its key is decided anew: %s', async (name) => {
    const send = await COMMANDS[name]!();
    expectFirst(await send(someKey()), 200);

    for (const headers of [{}, someKey()]) expectFirst(await send(headers), 200);
  });

  it('POST /users: names the same user, whose first password is right', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await app.anyone.post('/users', names, key), 201);
    const { userId } = first.body as { userId: string };

    await expectNothingStored(app, async () => {
      expectReplay(await app.anyone.post('/users', names, key), first);
      const otherPassword = { ...names, password: 'quite another password' };
      expectReplay(await app.anyone.post('/users', otherPassword, key), first);
    });

    expect((await app.signIn(names)).userId).toBe(userId);
    const wrong = await app.anyone.post('/sessions', { email: names.email, password: 'quite another password' });
    expect(wrong.status).toBe(401);
  });

  it('POST /users: leaves no password hash behind', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await app.anyone.post('/users', names, key), 201);
    const before = await hashes();

    for (let time = 0; time < 3; time++) expectReplay(await app.anyone.post('/users', names, key), first);

    expect(await hashes()).toEqual(before);
    expect(before).toContain((first.body as { userId: string }).userId);
  });

  it('is answered as the first time when that one changed nothing', async () => {
    const [ann, key] = [await app.customer(), someKey()];
    const same = { username: ann.username };
    const unchanged = await expectNothingStored(app, () => ann.put(`${ann.path}/username`, same, key));
    expect(expectDone(expectFirst(unchanged, 200), 200, { userId: ann.userId })).toEqual(placeOf(ann.signedIn));
    // By now the same command would change something.
    await ann.put(`${ann.path}/username`, { username: someNames().username });

    await expectNothingStored(app, async () => {
      expectReplay(await ann.put(`${ann.path}/username`, same, key), unchanged);
    });
  });

  it('is answered as the first time also when it would be refused by now', async () => {
    const [ann, bob, key] = [await app.customer(), await app.customer(), someKey()];
    const { email } = someNames();
    const first = expectFirst(await ann.put(`${ann.path}/email`, { email }, key), 200);
    await ann.put(`${ann.path}/email`, { email: someNames().email });
    expectFirst(await bob.put(`${bob.path}/email`, { email }), 200);

    await expectNothingStored(app, async () => {
      expectReplay(await ann.put(`${ann.path}/email`, { email }, key), first);
    });
    expect((await ann.put(`${ann.path}/email`, { email })).status).toBe(409);
  });

  it('is answered as the first time to If-Match, which is stale by now', async () => {
    const [ann, key] = [await app.customer(), someKey()];
    const wanted = { username: someNames().username };
    const asked = { ...key, 'if-match': ann.signedIn.headers.etag! };
    const first = expectFirst(await ann.put(`${ann.path}/username`, wanted, asked), 200);

    await expectNothingStored(app, async () => {
      expectReplay(await ann.put(`${ann.path}/username`, wanted, asked), first);
      expectReplay(await ann.put(`${ann.path}/username`, wanted, { ...key, 'if-match': '"99"' }), first);
      expect((await ann.put(`${ann.path}/username`, wanted, { 'if-match': '"2"' })).status).toBe(412);
    });
  });

  async function hashes(): Promise<string[]> {
    const rows = await runSql(app.database.url, 'select user_id from credentials');
    return rows.map(({ user_id: userId }) => String(userId)).toSorted();
  }
});
