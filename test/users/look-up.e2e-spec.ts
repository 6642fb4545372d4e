import { type Answer, type Headers, since } from '../support/client.js';
import { expectNothingStored, expectProblem, ISO_TIME } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

let app: TestApp;
let operator: Person;

beforeAll(async () => {
  app = await TestApp.start('sqlite');
  operator = await app.operator();
});

afterAll(() => app.close());

describe('a look-up', () => {
  let ann: Person;

  beforeAll(async () => {
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
  });

  const own = (): string[] => ['/users/me', ann.path, ann.path.toUpperCase().replace('/USERS', '/users')];

  it('shows people themselves', async () => {
    for (const path of own()) {
      const answer = await ann.get(path);

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        userId: ann.userId,
        username: ann.username,
        email: ann.email,
        roles: ['customer'],
        registeredAt: expect.stringMatching(ISO_TIME),
        lastLoginTime: expect.stringMatching(ISO_TIME),
        version: 2,
      });
      expect(answer.headers).toMatchObject({ etag: '"2"', 'cache-control': 'private, no-cache' });
    }
  });

  it('shows operators everybody', async () => {
    const answer = await operator.get(ann.path);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual((await ann.get('/users/me')).body);
  });

  it.each(['"2"', 'W/"2"', '"1", "2"', '*'])('answers nothing to If-None-Match: %s', async (tag) => {
    for (const path of own()) {
      const answer = await ann.get(path, { 'if-none-match': tag });

      expect(answer.status).toBe(304);
      expect(answer.text).toBe('');
      expect(answer.headers).toMatchObject({ etag: '"2"', 'cache-control': 'private, no-cache' });
    }
  });

  it('includes one’s own writes, time and again', async () => {
    const bob = await app.customer();

    for (let round = 0; round < 5; round++) {
      const { username } = someNames();
      const changed = await bob.put(`${bob.path}/username`, { username });
      expect((await bob.get('/users/me', since(changed))).body).toMatchObject({ username, version: 3 + round });
    }
  });
});

describe('entity tags', () => {
  const rename = (by: Person, headers: Headers): Promise<Answer> =>
    by.put(`${by.path}/username`, { username: someNames().username }, headers);
  const tagOf = ({ headers }: Answer): string => String(headers.etag);

  it('that a command answers is that of the look-up after it', async () => {
    const ann = await app.customer();

    for (const change of [
      () => ann.put(`${ann.path}/email`, { email: someNames().email }),
      () => rename(ann, {}),
      () => operator.put(`${ann.path}/roles/operator`),
      () => operator.delete(`${ann.path}/roles/operator`),
      () => ann.post(`${ann.path}/reversion`, { toVersion: 1 }),
      async () => (await app.signIn(ann)).signedIn,
    ]) {
      const changed = await change();
      const seen = await ann.get('/users/me', since(changed));
      expect({ status: seen.status, etag: tagOf(seen) }).toEqual({ status: 200, etag: tagOf(changed) });
      expect(tagOf(seen)).toBe(`"${(seen.body as { version: number }).version}"`);
    }
  });

  it('lead from a look-up through a change to the next', async () => {
    const ann = await app.customer();
    let seen = await ann.get('/users/me', since(ann.signedIn));

    for (let round = 0; round < 3; round++) {
      const changed = await rename(ann, { 'if-match': tagOf(seen) });
      expect(changed.status).toBe(200);
      const again = await ann.get('/users/me', { 'if-none-match': tagOf(seen), ...since(changed) });
      expect({ status: again.status, etag: tagOf(again) }).toEqual({ status: 200, etag: tagOf(changed) });
      const same = await ann.get('/users/me', { 'if-none-match': tagOf(changed) });
      expect({ status: same.status, text: same.text, etag: tagOf(same) }).toEqual({
        status: 304,
        text: '',
        etag: tagOf(changed),
      });
      seen = again;
    }
  });

  it('keep one from overwriting what another has changed', async () => {
    const ann = await app.customer();
    const [desk, phone] = [ann, await app.signIn(ann)];
    const seen = await desk.get('/users/me', since(phone.signedIn));
    expect(tagOf(await phone.get('/users/me'))).toBe(tagOf(seen));

    const changed = await rename(phone, { 'if-match': tagOf(seen) });
    expect(changed.status).toBe(200);
    const stale = await expectNothingStored(app, () => rename(desk, { 'if-match': tagOf(seen) }));
    expectProblem(stale, 412, 'version-conflict', { detail: /\bactual version is 4\b/ });

    const fresh = await desk.get('/users/me', since(changed));
    expect((await rename(desk, { 'if-match': tagOf(fresh) })).status).toBe(200);
  });

  it('are of one user: a change of another’s leaves them', async () => {
    const [ann, bob] = [await app.customer(), await app.customer()];
    const changed = await rename(bob, {});

    const answer = await ann.get('/users/me', { 'if-none-match': tagOf(ann.signedIn), ...since(changed) });

    expect(answer.status).toBe(304);
  });

  it('don’t say that nothing has changed before the answer is as fresh as was asked', async () => {
    const ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
    const impatient = { 'if-none-match': '"2"', 'leftfold-min-position': String((await app.head()) + 1) };
    const waiting = ann.get('/users/me', impatient);

    const changed = await rename(ann, {});

    const answer = await waiting;
    expect({ status: answer.status, etag: tagOf(answer) }).toEqual({ status: 200, etag: tagOf(changed) });
  });

  it('are not on lists, which are always answered in full', async () => {
    const ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);

    for (const path of ['/users?limit=1', `${ann.path}/history`, '/events?limit=1']) {
      const answer = await operator.get(path, { 'if-none-match': '*' });
      expect(answer.status).toBe(200);
      expect(answer.headers.etag).toBeUndefined();
      expect(answer.headers['cache-control']).toBe('private, no-cache');
    }
  });

  it('matter to queries in If-None-Match alone, and to commands in If-Match alone', async () => {
    const ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);

    for (const ifMatch of ['"1"', '"99"', 'nonsense', '*']) {
      expect((await ann.get('/users/me', { 'if-match': ifMatch })).status).toBe(200);
    }
    for (const ifNoneMatch of ['"2"', '*']) {
      const changed = await rename(ann, { 'if-none-match': ifNoneMatch });
      expect(changed.status).toBe(200);
      expect(changed.text).not.toBe('');
    }
  });

  it('are not in the answers of commands that were refused', async () => {
    const [ann, bob] = [await app.customer(), await app.register()];

    for (const refused of [
      await ann.put(`${ann.path}/email`, { email: bob.email }),
      await ann.put(`${ann.path}/email`, { email: bob.email }, { 'if-match': '"1"' }),
      await ann.post(`${ann.path}/reversion`, { toVersion: 9 }),
    ]) {
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.headers).not.toHaveProperty('etag');
      expect(refused.headers).not.toHaveProperty('leftfold-position');
    }
  });
});
