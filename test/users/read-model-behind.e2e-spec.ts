import { since } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

describe('a read model that has stopped', () => {
  let database: TestDatabase;
  let app: TestApp;
  let ann: Person;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const following = await TestApp.start(database);
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

  it('delays an answer for READ_WAIT_LIMIT at most', async () => {
    const { username } = someNames();
    const changed = await ann.put(`${ann.path}/username`, { username });
    const asked = performance.now();

    const answer = await ann.get('/users/me', since(changed));

    expectProblem(answer, 503, 'read-model-behind', { instance: '/users/me' });
    expect(performance.now() - asked).toBeGreaterThanOrEqual(140);
    expect((await ann.get('/users/me')).body).toMatchObject({ username: ann.username, version: 2 });
  });

  it('answers its current rows at once', async () => {
    expect((await ann.get('/users/me', since(ann.signedIn))).status).toBe(200);
    expect((await ann.get('/users/me', { 'leftfold-min-position': '0' })).status).toBe(200);
  });

  it('is not needed by queries that the log answers', async () => {
    const { email } = someNames();
    const changed = await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password });

    const history = await ann.get(`${ann.path}/history`, since(changed));
    const past = await ann.get('/users/me?at=2999-01-01T00:00:00Z', since(changed));

    expect(history.status).toBe(200);
    expect((history.body as { items: object[] }).items.at(-1)).toMatchObject({ type: 'users.email-changed' });
    expect(past).toMatchObject({ status: 200, body: { email } });
  });

  it('is not needed to sign in after a registration, or to keep addresses unique', async () => {
    const bob = await app.register();

    expect((await app.signIn(bob)).userId).toBe(bob.userId);
    expectProblem(await app.anyone.post('/users', { ...someNames(), email: bob.email }), 409, 'email-taken');
  });

  it('is not needed for a new role, which the next token has', async () => {
    const operator = await app.newOperator();

    expect((await operator.get('/events')).status).toBe(200);
  });
});

describe('a position that does not exist yet', () => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start('sqlite', { READ_WAIT_LIMIT: '20ms' });
    operator = await app.operator();
  });

  afterAll(() => app.close());

  it.each(['/users/me', '/users', '/users/me?version=1', '/users/me?at=2999-01-01T00:00:00Z', '/events', 'history'])(
    '%s: read-model-behind',
    async (asked) => {
      const path = asked === 'history' ? `${operator.path}/history` : asked;

      const answer = await operator.get(path, { 'leftfold-min-position': String(Number.MAX_SAFE_INTEGER) });

      expectProblem(answer, 503, 'read-model-behind', { instance: path.split('?')[0]! });
    },
  );

  it('is ignored by a command', async () => {
    const answer = await app.anyone.post('/users', someNames(), { 'leftfold-min-position': '1000000' });

    expect(answer.status).toBe(201);
  });
});
