import type { Answer, Headers } from '../support/client.js';
import { expectDone, expectNothingStored, placeOf } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { usersWithHash } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

/** A command with everything that it needs, which can be sent any number of times. */
type Send = (headers: Headers) => Promise<Answer>;

describe('a command that is repeated with its key', () => {
  const here = useApp('sqlite');

  const COMMANDS: Record<string, () => Promise<Send>> = {
    'PUT /users/:userId/email': async () => {
      const [ann, { email }] = [await here.app.customer(), someNames()];
      return (headers) => ann.put(`${ann.path}/email`, { email, currentPassword: ann.password }, headers);
    },
    'PUT /users/:userId/username': async () => {
      const [ann, { username }] = [await here.app.customer(), someNames()];
      return (headers) => ann.put(`${ann.path}/username`, { username }, headers);
    },
    'PUT /users/:userId/roles/:role': async () => {
      const { userId } = await here.app.register();
      return (headers) => here.operator.put(`/users/${userId}/roles/operator`, undefined, headers);
    },
    'DELETE /users/:userId/roles/:role': async () => {
      const { userId } = await here.app.register();
      return (headers) => here.operator.delete(`/users/${userId}/roles/customer`, headers);
    },
    'POST /users/:userId/reversion': async () => {
      const ann = await here.app.customer();
      await ann.put(`${ann.path}/username`, { username: someNames().username });
      return (headers) => ann.post(`${ann.path}/reversion`, { toVersion: 1 }, headers);
    },
  };

  it.each(Object.keys(COMMANDS))(
    'gets the first answer, and is stored once; without the key it is decided again: %s',
    async (name) => {
      const send = await COMMANDS[name]!();
      const key = someKey();
      const before = await here.app.head();
      const first = expectFirst(await send(key), 200);
      expect(placeOf(first).position).toBe(before + 1);
      // Another user's events come in between: the answer is still the first one.
      await here.app.register();

      await expectNothingStored(here.app, async () => {
        for (let time = 0; time < 3; time++) expectReplay(await send(key), first);
      });
      for (const headers of [{}, someKey()]) expectFirst(await send(headers), 200);
    },
  );

  it('POST /users: returns the same user, whose first password is valid, and leaves no other hash', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await here.app.anyone.post('/users', names, key), 201);
    const { userId } = first.body as { userId: string };
    const other = { ...names, password: 'quite another password' };
    const before = await usersWithHash(here.app.database.url);

    await expectNothingStored(here.app, async () => {
      for (const body of [names, other]) expectReplay(await here.app.anyone.post('/users', body, key), first);
    });

    expect(await usersWithHash(here.app.database.url)).toEqual(before);
    expect(before).toContain(userId);
    expect((await here.app.signIn(names)).userId).toBe(userId);
    expect((await here.app.anyone.post('/sessions', { email: other.email, password: other.password })).status).toBe(
      401,
    );
  });

  it('gets the first answer when that changed nothing', async () => {
    const [ann, key] = [await here.app.customer(), someKey()];
    const same = { username: ann.username };
    const unchanged = await expectNothingStored(here.app, () => ann.put(`${ann.path}/username`, same, key));
    expect(expectDone(expectFirst(unchanged, 200), 200, { userId: ann.userId })).toEqual(placeOf(ann.signedIn));
    // Now the same command would change something.
    await ann.put(`${ann.path}/username`, { username: someNames().username });

    await expectNothingStored(here.app, async () => {
      expectReplay(await ann.put(`${ann.path}/username`, same, key), unchanged);
    });
  });

  it('gets the first answer even when it would be refused now', async () => {
    const [ann, bob, key] = [await here.app.customer(), await here.app.customer(), someKey()];
    const { email } = someNames();
    const first = expectFirst(await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password }, key), 200);
    await ann.put(`${ann.path}/email`, { email: someNames().email, currentPassword: ann.password });
    expectFirst(await bob.put(`${bob.path}/email`, { email, currentPassword: bob.password }), 200);

    await expectNothingStored(here.app, async () => {
      expectReplay(await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password }, key), first);
    });
    expect((await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password })).status).toBe(409);
  });

  it('gets the first answer to If-Match, which is stale now', async () => {
    const [ann, key] = [await here.app.customer(), someKey()];
    const wanted = { username: someNames().username };
    const asked = { ...key, 'if-match': ann.signedIn.headers.etag! };
    const first = expectFirst(await ann.put(`${ann.path}/username`, wanted, asked), 200);

    await expectNothingStored(here.app, async () => {
      expectReplay(await ann.put(`${ann.path}/username`, wanted, asked), first);
      expectReplay(await ann.put(`${ann.path}/username`, wanted, { ...key, 'if-match': '"99"' }), first);
      expect((await ann.put(`${ann.path}/username`, wanted, { 'if-match': '"2"' })).status).toBe(412);
    });
  });
});
