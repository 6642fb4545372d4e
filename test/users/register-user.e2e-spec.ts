import { since } from '../support/client.js';
import {
  expectDone,
  expectEvent,
  expectNothingStored,
  expectProblem,
  ISO_TIME,
  UUID_V7,
} from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { usersWithHash } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';

describe('POST /users', () => {
  const here = useApp('sqlite', { RATE_LIMITS: 'off' });

  /** Neither an event nor a hash. */
  async function expectNothingKept<T>(refused: () => Promise<T>): Promise<T> {
    const before = await usersWithHash(here.app.database.url);
    const result = await expectNothingStored(here.app, refused);
    expect(await usersWithHash(here.app.database.url)).toEqual(before);
    return result;
  }

  it('registers a customer', async () => {
    const { username, email, password } = someNames();

    const answer = await here.app.anyone.post('/users', { username, email, password });

    const { userId } = answer.body as { userId: string };
    expect(expectDone(answer, 201, { userId: expect.stringMatching(UUID_V7) }).version).toBe(1);
    await expectEvent(here.app, answer, {
      actor: 'anonymous',
      type: 'users.user-registered',
      data: { userId, username, email },
    });
    expect((await (await here.app.operator()).get(`/users/${userId}`, since(answer))).body).toEqual({
      userId,
      username,
      email,
      roles: ['customer'],
      registeredAt: expect.stringMatching(ISO_TIME),
      lastLoginTime: null,
      version: 1,
    });
  });

  it('trims names, and keeps their spelling', async () => {
    const { username, email, password } = someNames();
    const loud = { username: username.toUpperCase(), email: email.toUpperCase() };

    const answer = await here.app.anyone.post('/users', {
      username: ` ${loud.username}\t`,
      email: ` ${loud.email} `,
      password,
    });

    const { userId } = answer.body as { userId: string };
    await expectEvent(here.app, answer, {
      actor: 'anonymous',
      type: 'users.user-registered',
      data: { userId, ...loud },
    });
  });

  it.each([
    ['email', 'email-taken'],
    ['username', 'username-taken'],
  ] as const)('refuses a taken %s, in any spelling', async (field, code) => {
    const { [field]: taken } = await here.app.register();

    await expectNothingKept(async () => {
      for (const spelling of [taken, taken.toUpperCase(), ` ${taken} `, `\uFF21${taken.slice(1)}`]) {
        const answer = await here.app.anyone.post('/users', { ...someNames(), [field]: spelling });
        expectProblem(answer, 409, code, { instance: '/users' });
      }
    });
  });

  it('refuses the same registration a second time', async () => {
    const { username, email, password } = await here.app.register();

    const again = await expectNothingKept(() => here.app.anyone.post('/users', { username, email, password }));

    expectProblem(again, 409, 'email-taken');
  });

  it('refuses If-Match, because there is no version yet', async () => {
    const answer = await expectNothingKept(() => here.app.anyone.post('/users', someNames(), { 'if-match': '"1"' }));

    expectProblem(answer, 412, 'version-conflict', { detail: /\bactual version is 0\b/ });
  });

  it('ignores tokens', async () => {
    expect((await here.app.client('nonsense').post('/users', someNames())).status).toBe(201);
  });

  it.each([' '.repeat(10), '\u0000'.repeat(10), '🔑'.repeat(128)])(
    'accepts a password such as "%s"',
    async (password) => {
      const person = await here.app.register({ password });

      await expect(here.app.signIn(person)).resolves.toHaveProperty('userId', person.userId);
    },
  );

  it('keeps no hash of a refused registration', async () => {
    const answer = await expectNothingKept(() =>
      here.app.anyone.post('/users', { ...someNames(), password: 'x'.repeat(9) }),
    );

    expectProblem(answer, 400, 'validation-failed', { fields: ['password'] });
  });
});
