import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { NOBODY } from '../operations/operating.js';
import { expectRefused, json, run } from './leftfold.js';

describe('roles on the command line', () => {
  let app: TestApp;
  let ann: Person;

  beforeAll(async () => {
    // There is no operator yet.
    app = await TestApp.start('sqlite', { OPERATOR_EMAIL: '', OPERATOR_PASSWORD: '' });
    ann = await app.customer();
  });

  afterAll(() => app.close());

  it('makes the first operator, whom the running app recognizes at once', async () => {
    const before = await app.head();

    const { code, stdout, stderr } = await run(app.database, `users grant-role ${ann.email.toUpperCase()} operator`);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      `Granted the role operator to ${ann.email.toUpperCase()} (${ann.userId}), at position ${before + 1}. ` +
        'It takes effect with the next sign-in; earlier tokens are void.\n',
    );
    const seen = await (await app.signIn(ann)).get(`/events?after=${before}&limit=1`);
    expect(seen.body).toMatchObject({
      items: [
        {
          position: before + 1,
          stream: `user-${ann.userId}`,
          type: 'users.role-granted',
          data: { userId: ann.userId, role: 'operator' },
          actor: 'cli',
          correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          causationId: null,
        },
      ],
    });
  });

  it('changes nothing for a user who already has the role, and says so', async () => {
    const head = await app.head();

    const again = await run(app.database, `users grant-role ${ann.userId} operator`);

    expect(again.code).toBe(0);
    expect(again.stdout).toBe(`${ann.userId} already has the role operator: nothing was changed.\n`);
    expect(await app.head()).toBe(head);
  });

  it('does not revoke the role of the last operator', async () => {
    const head = await app.head();

    const refused = await run(app.database, `users revoke-role ${ann.email} operator`);

    expectRefused(refused, 'This is the last operator. Grant the role to another user first.');
    expect(await app.head()).toBe(head);
  });

  it('grants and revokes, and prints the result as JSON', async () => {
    const { userId, email } = await app.register();
    const position = await app.head();
    const role = 'operator';

    const granted = await json(app.database, `users grant-role ${userId} operator`);
    const revoked = await json(app.database, `users revoke-role ${email} operator`);
    const repeated = await json(app.database, `users revoke-role ${email} operator`);

    expect(granted).toEqual({ userId, role, position: position + 1, changed: true });
    expect(revoked).toEqual({ userId, role, position: position + 2, changed: true });
    expect(repeated).toEqual({ userId, role, position: position + 2, changed: false });
  });

  it.each([
    ['nobody@example.com', 'There is no user with the e-mail address nobody@example.com.'],
    [NOBODY, `There is no user ${NOBODY}.`],
  ])('refuses an unknown user: %s', async (user, sentence) => {
    expectRefused(await run(app.database, `users grant-role ${user} operator`), sentence);
  });
});
