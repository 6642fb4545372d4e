import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import {
  expectDone,
  expectEvent,
  expectNothingStored,
  expectProblem,
  ISO_TIME,
  UUID_V7,
} from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('POST /users on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    await app.operator();
  });

  afterAll(() => app.close());

  const hashes = async (): Promise<number> => (await runSql(app.database.url, 'select 1 from credentials')).length;

  /** Neither an event nor a hash. */
  async function expectNothingKept<T>(refused: () => Promise<T>): Promise<T> {
    const before = await hashes();
    const result = await expectNothingStored(app, refused);
    expect(await hashes()).toBe(before);
    return result;
  }

  it('registers a customer', async () => {
    const { username, email, password } = someNames();

    const answer = await app.anyone.post('/users', { username, email, password });

    const { userId } = answer.body as { userId: string };
    expect(expectDone(answer, 201, { userId: expect.stringMatching(UUID_V7) }).version).toBe(1);
    await expectEvent(app, answer, {
      actor: 'anonymous',
      type: 'users.user-registered',
      data: { userId, username, email },
    });
    expect((await (await app.operator()).get(`/users/${userId}`, since(answer))).body).toEqual({
      userId,
      username,
      email,
      roles: ['customer'],
      registeredAt: expect.stringMatching(ISO_TIME),
      lastLoginTime: null,
      version: 1,
    });
  });

  it('takes off blanks around names, and keeps their spelling', async () => {
    const { username, email, password } = someNames();
    const loud = { username: username.toUpperCase(), email: email.toUpperCase() };

    const answer = await app.anyone.post('/users', {
      username: ` ${loud.username}\t`,
      email: ` ${loud.email} `,
      password,
    });

    const { userId } = answer.body as { userId: string };
    await expectEvent(app, answer, {
      actor: 'anonymous',
      type: 'users.user-registered',
      data: { userId, ...loud },
    });
  });

  it('refuses an address that somebody has, in whatever spelling', async () => {
    const { email } = await app.register();

    await expectNothingKept(async () => {
      for (const spelling of [email, email.toUpperCase(), ` ${email}`, `\uFF21${email.slice(1)}`]) {
        const answer = await app.anyone.post('/users', { ...someNames(), email: spelling });
        expectProblem(answer, 409, 'email-taken', { instance: '/users' });
      }
    });
  });

  it('refuses a user name that somebody has, in whatever spelling', async () => {
    const { username } = await app.register();

    await expectNothingKept(async () => {
      for (const spelling of [username, username.toUpperCase(), ` ${username} `, `\uFF21${username.slice(1)}`]) {
        const answer = await app.anyone.post('/users', { ...someNames(), username: spelling });
        expectProblem(answer, 409, 'username-taken', { instance: '/users' });
      }
    });
  });

  it('refuses the same registration a second time', async () => {
    const { username, email, password } = await app.register();

    const again = await expectNothingKept(() => app.anyone.post('/users', { username, email, password }));

    expectProblem(again, 409, 'email-taken');
  });

  it('refuses If-Match, because there is no version yet', async () => {
    const answer = await expectNothingKept(() => app.anyone.post('/users', someNames(), { 'if-match': '"1"' }));

    expectProblem(answer, 412, 'version-conflict', { detail: /\bactual version is 0\b/ });
  });

  it('looks at no token', async () => {
    expect((await app.client('nonsense').post('/users', someNames())).status).toBe(201);
  });

  it.each([
    ['10 letters', 'x'.repeat(10)],
    ['128 letters', 'x'.repeat(128)],
    ['10 symbols of two UTF-16 units each', '🔑'.repeat(10)],
    ['128 of them', '🔑'.repeat(128)],
    ['10 blanks', ' '.repeat(10)],
    ['control characters', '\u0000'.repeat(10)],
  ])('takes a password of %s', async (_what, password) => {
    const person = await app.register({ password });

    await expect(app.signIn(person)).resolves.toHaveProperty('userId', person.userId);
  });

  it.each([
    ['password', 'of 9 letters', 'x'.repeat(9)],
    ['password', 'of 129 letters', 'x'.repeat(129)],
    ['password', 'of 9 symbols', '🔑'.repeat(9)],
    ['password', 'of 129 symbols', '🔑'.repeat(129)],
    ['username', 'that is empty', ''],
    ['username', 'of blanks', '   '],
    ['username', 'of 65 letters', 'x'.repeat(65)],
    ['username', 'with a null character', 'a\u0000b'],
    ['username', 'of two lines', 'a\nb'],
    ['username', 'with an invisible character', 'a\u200Eb'],
    ['email', 'that is empty', ''],
    ['email', 'without a domain', 'ann'],
    ['email', 'that is two', 'ann@example.com, bob@example.com'],
    ['email', 'of 262 letters', `${'x'.repeat(250)}@example.com`],
    ['email', 'with a null character', 'a\u0000@example.com'],
  ])('refuses a %s %s', async (field, _what, value) => {
    const answer = await expectNothingKept(() => app.anyone.post('/users', { ...someNames(), [field]: value }));

    expectProblem(answer, 400, 'validation-failed', { fields: [field] });
  });

  it('names every field that is missing', async () => {
    const answer = await expectNothingKept(() => app.anyone.post('/users', {}));

    expectProblem(answer, 400, 'validation-failed', { fields: ['username', 'email', 'password'] });
  });
});
