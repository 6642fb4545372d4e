import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem, ISO_TIME } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

describe.each(DATABASE_KINDS)('a look-up on %s', (kind) => {
  let app: TestApp;
  let ann: Person;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
  });

  afterAll(() => app.close());

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

  it('shows nobody to other customers', async () => {
    const bob = await app.customer();

    for (const path of [ann.path, operator.path, `/users/${NOBODY}`]) {
      expectProblem(await bob.get(path), 404, 'user-not-found', { instance: path });
    }
  });

  it('knows who is not there', async () => {
    expectProblem(await operator.get(`/users/${NOBODY}`), 404, 'user-not-found', { instance: `/users/${NOBODY}` });
  });

  it('asks strangers to sign in', async () => {
    for (const path of own()) expectProblem(await app.anyone.get(path), 401, 'not-signed-in');
  });

  it.each(['"2"', 'W/"2"', '"1", "2"', '*'])('answers nothing to If-None-Match: %s', async (tag) => {
    for (const path of own()) {
      const answer = await ann.get(path, { 'if-none-match': tag });

      expect(answer.status).toBe(304);
      expect(answer.text).toBe('');
      expect(answer.headers).toMatchObject({ etag: '"2"', 'cache-control': 'private, no-cache' });
    }
  });

  it.each(['"1"', '"3"', '2', ''])('answers all to If-None-Match: %s', async (tag) => {
    const answer = await ann.get('/users/me', { 'if-none-match': tag });

    expect(answer).toMatchObject({ status: 200, body: { version: 2 } });
  });

  it('answers all again once it has changed', async () => {
    const bob = await app.customer();
    const { email } = someNames();
    const changed = await bob.put(`${bob.path}/email`, { email });

    const answer = await bob.get('/users/me', { 'if-none-match': '"2"', ...since(changed) });

    expect(answer).toMatchObject({ status: 200, headers: { etag: '"3"' }, body: { email, version: 3 } });
  });

  it('includes one’s own writes, time and again', async () => {
    const bob = await app.customer();

    for (let round = 0; round < 10; round++) {
      const { username } = someNames();
      const changed = await bob.put(`${bob.path}/username`, { username });
      expect((await bob.get('/users/me', since(changed))).body).toMatchObject({ username, version: 3 + round });
    }
  });

  it('does not take what it does not know', async () => {
    for (const path of own()) {
      expectProblem(await ann.get(`${path}?verbose=1`), 400, 'validation-failed', { fields: ['verbose'] });
    }
  });
});
