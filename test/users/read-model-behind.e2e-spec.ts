import { since } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('a read model that stands still, on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let ann: Person;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    const following = await TestApp.start(database);
    await following.caughtUpWith((await following.customer()).signedIn);
    ann = await following.customer();
    await following.caughtUpWith(ann.signedIn);
    await following.close();
    app = await TestApp.start(database, { ROLE: 'api', READ_WAIT_LIMIT: '200ms' });
    ann = app.personOf(ann);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('is waited for, as long as READ_WAIT_LIMIT says', async () => {
    const { username } = someNames();
    const changed = await ann.put(`${ann.path}/username`, { username });
    const asked = Date.now();

    const answer = await ann.get('/users/me', since(changed));

    expectProblem(answer, 503, 'read-model-behind', { instance: '/users/me' });
    expect(Date.now() - asked).toBeGreaterThanOrEqual(140);
    expect((await ann.get('/users/me')).body).toMatchObject({ username: ann.username, version: 2 });
  });

  it('answers at once what it has', async () => {
    expect((await ann.get('/users/me', since(ann.signedIn))).status).toBe(200);
    expect((await ann.get('/users/me', { 'leftfold-min-position': '0' })).status).toBe(200);
  });

  it('is not asked for what the log answers', async () => {
    const { email } = someNames();
    const changed = await ann.put(`${ann.path}/email`, { email });

    const history = await ann.get(`${ann.path}/history`, since(changed));
    const past = await ann.get(`/users/me?at=${new Date(Date.now() + 1_000).toISOString()}`, since(changed));

    expect(history.status).toBe(200);
    expect((history.body as { items: object[] }).items.at(-1)).toMatchObject({ type: 'users.email-changed' });
    expect(past).toMatchObject({ status: 200, body: { email } });
  });
});

describe.each(DATABASE_KINDS)('a position that there is not yet, on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind, { READ_WAIT_LIMIT: '200ms' });
    await app.caughtUpWith((await app.operator()).signedIn);
  });

  afterAll(() => app.close());

  it.each(['/users/me', '/users', '/users/me?version=1', '/users/me?at=2999-01-01T00:00:00Z', '/events'])(
    '%s: read-model-behind',
    async (path) => {
      const operator = await app.operator();

      const answer = await operator.get(path, { 'leftfold-min-position': String(Number.MAX_SAFE_INTEGER) });

      expectProblem(answer, 503, 'read-model-behind', { instance: path.split('?')[0]! });
    },
  );

  it('the history: read-model-behind', async () => {
    const { path } = await app.operator();

    const answer = await (await app.operator()).get(`${path}/history`, { 'leftfold-min-position': '1000000' });

    expectProblem(answer, 503, 'read-model-behind', { instance: `${path}/history` });
  });

  it('is nothing to a command', async () => {
    const answer = await app.anyone.post('/users', someNames(), { 'leftfold-min-position': '1000000' });

    expect(answer.status).toBe(201);
  });
});
