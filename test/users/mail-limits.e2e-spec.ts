import type { Answer, Headers } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Names, someNames } from '../support/people.js';
import { makeAttemptsOlder } from '../../packages/core/test/support/stored-rows.js';
import { RequestLimits, RequestRate } from '../../src/users/limits/request-limits.js';
import { TestApp } from '../support/test-app.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// The sign-in limits prove the counting itself on both databases.
describe('routes that send mails to an address that a stranger chose', () => {
  let database: TestDatabase;
  let app: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const options = { replace: [{ provide: RequestRate, useValue: new RequestRate() }] };
    app = await TestApp.start(database, { TRUST_PROXY: 'true' }, options);
    other = await TestApp.start(database, { TRUST_PROXY: 'true' }, options);
  });

  afterAll(async () => {
    await app.close();
    await other.close();
    await database.drop();
  });

  const register = (names: Names, address: string, headers: Headers = {}, on = app): Promise<Answer> =>
    on.anyone.post('/users', names, { 'x-forwarded-for': address, ...headers });
  const askForReset = (email: string, address: string, on = app): Promise<Answer> =>
    on.anyone.post('/password-resets', { email }, { 'x-forwarded-for': address });

  it('allow 20 registrations an hour from an address, on all nodes, including refused ones; repeats count once', async () => {
    const [first, key, taken] = [someNames(), { 'idempotency-key': 'first' }, await app.register()];
    const created = await register(first, '192.0.2.1', key);
    expect(created.status).toBe(201);
    for (let time = 0; time < 9; time++) {
      expect((await register(someNames(), '192.0.2.1', {}, other)).status).toBe(201);
      expectProblem(await register({ ...someNames(), email: taken.email }, '192.0.2.1'), 409, 'email-taken');
    }
    expect((await register(first, '192.0.2.1', key)).body).toEqual(created.body);
    expect((await register(someNames(), '192.0.2.1')).status).toBe(201);

    const refused = await expectNothingStored(app, () => register(someNames(), '192.0.2.1', {}, other));
    expectThrottled(refused, '/users');
    expect((await register(first, '192.0.2.1', key)).body).toEqual(created.body);
    expect((await register(someNames(), '192.0.2.2')).status).toBe(201);
    await makeAttemptsOlder(database.url, HOUR);
    expect((await register(someNames(), '192.0.2.1')).status).toBe(201);
  });

  it('allow one welcome mail an hour to a recipient who gave the address up meanwhile', async () => {
    const ann = await app.customer();
    expectProblem(await register({ ...someNames(), email: ann.email }, '192.0.2.3'), 409, 'email-taken');
    expect((await ann.change('email', `new.${ann.email}`)).status).toBe(200);
    // Somebody else has it for a moment, who got no mail.
    const bob = await app.customer();
    for (const email of [ann.email, `new.${bob.email}`]) expect((await bob.change('email', email)).status).toBe(200);

    expectThrottled(
      await register({ ...someNames(), email: ann.email.toUpperCase() }, '192.0.2.4', {}, other),
      '/users',
    );
  });

  it('block for a minute only after a process died before it requested the mail', async () => {
    const { email } = await app.register();
    await app.nest.get(RequestLimits).claimMail('password reset', email, new Date());
    const refused = await askForReset(email, '192.0.2.7');
    expectThrottled(refused, '/password-resets');
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);

    await makeAttemptsOlder(database.url, MINUTE);
    expect((await askForReset(email, '192.0.2.7')).status).toBe(202);

    // Now it was requested.
    await eventually(async () =>
      expect(Number((await askForReset(email, '192.0.2.8')).headers['retry-after'])).toBeGreaterThan(60),
    );
  });

  it('allow 20 password resets an hour from an address, and one to a recipient, known or not', async () => {
    const [ann, nobody] = [await app.register(), someNames()];
    for (const { email } of [ann, nobody]) {
      expect((await askForReset(email, '192.0.2.5')).status).toBe(202);
      expectThrottled(await askForReset(` ${email.toUpperCase()}`, '192.0.2.6', other), '/password-resets');
    }
    for (let time = 0; time < 18; time++) {
      expect((await askForReset(someNames().email, '192.0.2.5')).status).toBe(202);
    }
    expectThrottled(await askForReset(someNames().email, '192.0.2.5', other), '/password-resets');
  });
});

function expectThrottled(answer: Answer, instance: string): void {
  expectProblem(answer, 429, 'too-many-requests', { instance });
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(HOUR / 1_000);
}
