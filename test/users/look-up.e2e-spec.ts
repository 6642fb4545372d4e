import { type Answer, type Headers, since } from '../support/client.js';
import { expectNothingStored, expectProblem, ISO_TIME } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

const here = useApp('sqlite');

const rename = (by: Person, headers: Headers = {}): Promise<Answer> =>
  by.put(`${by.path}/username`, { username: someNames().username }, headers);
const tagOf = ({ headers }: Answer): string => String(headers.etag);

it('users look themselves up, and operators any user', async () => {
  const loud = here.ann.path.toUpperCase().replace('/USERS', '/users');
  for (const [by, path] of [
    [here.ann, '/users/me'],
    [here.ann, here.ann.path],
    [here.ann, loud],
    [here.operator, here.ann.path],
  ] as const) {
    const answer = await by.get(path);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      userId: here.ann.userId,
      username: here.ann.username,
      email: here.ann.email,
      roles: ['customer'],
      registeredAt: expect.stringMatching(ISO_TIME),
      lastLoginTime: expect.stringMatching(ISO_TIME),
      version: 2,
    });
    expect(answer.headers).toMatchObject({ etag: '"2"', 'cache-control': 'private, no-cache' });
    expect(await by.get(path, { 'if-none-match': '"2"' })).toMatchObject({
      status: 304,
      text: '',
      headers: { etag: '"2"', 'cache-control': 'private, no-cache' },
    });
  }
});

it('a look-up includes one’s own writes, repeatedly', async () => {
  const bob = await here.app.customer();

  for (let round = 0; round < 5; round++) {
    const { username } = someNames();
    const changed = await bob.put(`${bob.path}/username`, { username });
    expect((await bob.get('/users/me', since(changed))).body).toMatchObject({ username, version: 3 + round });
  }
});

// The platform's own tests prove If-Match and If-None-Match. Here they work together.
describe('entity tags', () => {
  it('of a command equals that of the next look-up', async () => {
    const bob = await here.app.customer();

    for (const change of [
      () => bob.put(`${bob.path}/email`, { email: someNames().email, currentPassword: bob.password }),
      () => rename(bob),
      () => here.operator.put(`${bob.path}/roles/operator`),
      () => here.operator.delete(`${bob.path}/roles/operator`),
      () => here.operator.post(`${bob.path}/reversion`, { toVersion: 1 }),
      async () => (await here.app.signIn(bob)).signedIn,
    ]) {
      const changed = await change();
      const seen = await here.operator.get(bob.path, since(changed));
      expect({ status: seen.status, etag: tagOf(seen) }).toEqual({ status: 200, etag: tagOf(changed) });
      expect(tagOf(seen)).toBe(`"${(seen.body as { version: number }).version}"`);
    }
  });

  it('lead from a look-up through a change to the next', async () => {
    const bob = await here.app.customer();
    let seen = await bob.get('/users/me', since(bob.signedIn));

    for (let round = 0; round < 3; round++) {
      const changed = await rename(bob, { 'if-match': tagOf(seen) });
      expect(changed.status).toBe(200);
      const again = await bob.get('/users/me', { 'if-none-match': tagOf(seen), ...since(changed) });
      expect({ status: again.status, etag: tagOf(again) }).toEqual({ status: 200, etag: tagOf(changed) });
      expect((await bob.get('/users/me', { 'if-none-match': tagOf(changed) })).status).toBe(304);
      seen = again;
    }
  });

  it('prevent overwriting another user’s change', async () => {
    const desk = await here.app.customer();
    const phone = await here.app.signIn(desk);
    const seen = await desk.get('/users/me', since(phone.signedIn));
    expect(tagOf(await phone.get('/users/me'))).toBe(tagOf(seen));

    const changed = await rename(phone, { 'if-match': tagOf(seen) });
    expect(changed.status).toBe(200);
    const stale = await expectNothingStored(here.app, () => rename(desk, { 'if-match': tagOf(seen) }));
    expectProblem(stale, 412, 'version-conflict', { detail: /\bactual version is 4\b/ });

    const fresh = await desk.get('/users/me', since(changed));
    expect((await rename(desk, { 'if-match': tagOf(fresh) })).status).toBe(200);
  });

  it('belong to one user: they don’t change with another', async () => {
    const changed = await rename(await here.app.customer());

    expect((await here.ann.get('/users/me', { 'if-none-match': '"2"', ...since(changed) })).status).toBe(304);
  });

  it('give no 304 before the answer is as fresh as requested', async () => {
    const bob = await here.app.customer();
    await here.app.caughtUpWith(bob.signedIn);
    const impatient = { 'if-none-match': '"2"', 'leftfold-min-position': String((await here.app.head()) + 1) };
    const waiting = bob.get('/users/me', impatient);

    const changed = await rename(bob);

    const answer = await waiting;
    expect({ status: answer.status, etag: tagOf(answer) }).toEqual({ status: 200, etag: tagOf(changed) });
  });

  it('apply to queries only in If-None-Match, and to commands only in If-Match', async () => {
    expect((await here.ann.get('/users/me', { 'if-match': '"1"' })).status).toBe(200);

    const changed = await rename(await here.app.customer(), { 'if-none-match': '*' });
    expect(changed.status).toBe(200);
    expect(changed.text).not.toBe('');
  });
});
