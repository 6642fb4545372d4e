import type { UserAnswer } from '../../src/users/user.answer.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { type Names, type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

/** Version of somebody who has registered, signed in, and changed address and user name. */
const CHANGED = 4;

describe('POST /users/:userId/reversion', () => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start('sqlite');
    operator = await app.operator();
  });

  afterAll(() => app.close());

  const revert = (by: Client, { userId }: { userId: string }, toVersion: unknown, headers?: Headers): Promise<Answer> =>
    by.post(`/users/${userId}/reversion`, { toVersion }, headers);

  /** Somebody who registered as `before`, and has other names now. */
  async function renamed(): Promise<{ ann: Person; before: Names; now: Names }> {
    const [before, now] = [someNames(), someNames()];
    const ann = await app.customer(before);
    await ann.put(`${ann.path}/email`, { email: now.email });
    await ann.put(`${ann.path}/username`, { username: now.username });
    return { ann, before, now };
  }

  const found = async (email: string, headers: Headers): Promise<UserAnswer[]> =>
    ((await operator.get(`/users?email=${encodeURIComponent(email)}`, headers)).body as { items: UserAnswer[] }).items;

  it.each([
    ['oneself', (ann: Person) => ann],
    ['operators', () => operator],
  ])('makes both names again what they were, by %s', async (_who, by) => {
    const { ann, before, now } = await renamed();

    const answer = await revert(by(ann), ann, 1);

    expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(CHANGED + 1);
    await expectEvent(app, answer, {
      actor: by(ann).userId,
      type: 'users.profile-reverted',
      data: {
        userId: ann.userId,
        toVersion: 1,
        username: before.username,
        email: before.email,
        previousUsername: now.username,
        previousEmail: now.email,
      },
    });
  });

  it('is followed by look-ups, lists and sign-in', async () => {
    const { ann, before, now } = await renamed();

    const answer = await revert(ann, ann, 1);

    const me = await ann.get('/users/me', since(answer));
    expect(me.body).toMatchObject({ username: before.username, email: before.email, version: CHANGED + 1 });
    expect(me.headers.etag).toBe(answer.headers.etag);
    expect(await found(before.email.toUpperCase(), since(answer))).toEqual([me.body]);
    expect(await found(now.email, since(answer))).toEqual([]);
    expect((await app.signIn({ ...now, ...before })).userId).toBe(ann.userId);
    const { password } = before;
    expectProblem(await app.anyone.post('/sessions', { email: now.email, password }), 401, 'wrong-credentials');
  });

  it('is seen in the history, which stays as it was before it', async () => {
    const { ann, before, now } = await renamed();
    const past = (await ann.get(`${ann.path}?version=${CHANGED}`)).body;

    await revert(ann, ann, 1);

    expect((await ann.get(`${ann.path}?version=${CHANGED}`)).body).toEqual(past);
    expect(past).toMatchObject({ username: now.username, email: now.email });
    expect((await ann.get(`${ann.path}?version=${CHANGED + 1}`)).body).toEqual({
      ...past,
      username: before.username,
      email: before.email,
      version: CHANGED + 1,
    });
    const { items } = (await ann.get(`${ann.path}/history`)).body as { items: { type: string }[] };
    expect(items.map(({ type }) => type).slice(CHANGED - 1)).toEqual([
      'users.username-changed',
      'users.profile-reverted',
    ]);
  });

  it('restores the address alone when the user name is the same, and the other way round', async () => {
    const [before, now] = [someNames(), someNames()];
    const ann = await app.customer(before);
    await ann.put(`${ann.path}/email`, { email: now.email });
    const address = await revert(ann, ann, 2);
    const { username, email } = (await ann.get('/users/me', since(address))).body as UserAnswer;
    expect({ username, email }).toEqual({ username: before.username, email: before.email });

    await ann.put(`${ann.path}/username`, { username: now.username });
    const name = await revert(ann, ann, 4);
    await expectEvent(app, name, {
      actor: ann.userId,
      type: 'users.profile-reverted',
      data: {
        userId: ann.userId,
        toVersion: 4,
        username: before.username,
        email: before.email,
        previousUsername: now.username,
        previousEmail: before.email,
      },
    });
  });

  it('leaves roles, the password and the last sign-in as they are', async () => {
    const { ann } = await renamed();
    const { lastLoginTime } = (await ann.get('/users/me', since(ann.signedIn))).body as UserAnswer;
    await operator.put(`${ann.path}/roles/operator`);

    const answer = await revert(ann, ann, 1);

    const { body } = await ann.get('/users/me', since(answer));
    expect(body).toMatchObject({ roles: ['customer', 'operator'], lastLoginTime, version: CHANGED + 2 });
    expect((await ann.get(`${ann.path}?version=${CHANGED + 2}`)).body).toEqual(body);
    expect((await (await app.signIn(ann)).get('/events?limit=1')).status).toBe(200);
  });

  it('gives up what one had, and holds what it restores', async () => {
    const { ann, before, now } = await renamed();
    expectDone(await revert(ann, ann, 1), 200, { userId: ann.userId });

    expectProblem(await app.anyone.post('/users', { ...someNames(), email: before.email }), 409, 'email-taken');
    expectProblem(
      await app.anyone.post('/users', { ...someNames(), username: before.username.toUpperCase() }),
      409,
      'username-taken',
    );
    expect((await app.anyone.post('/users', now)).status).toBe(201);
  });

  it.each([
    ['email', 'email-taken'],
    ['username', 'username-taken'],
  ] as const)('refuses what somebody has taken meanwhile: %s', async (field, code) => {
    const { ann, before } = await renamed();
    await app.register({ [field]: before[field].toUpperCase() });

    for (const by of [ann, operator]) {
      const answer = await expectNothingStored(app, () => revert(by, ann, 1));
      expectProblem(answer, 409, code, { instance: `${ann.path}/reversion` });
    }
  });

  it('restores what somebody took and gave up again', async () => {
    const { ann, before } = await renamed();
    const bob = await app.customer({ email: before.email });
    expectProblem(await revert(ann, ann, 1), 409, 'email-taken');
    await bob.put(`${bob.path}/email`, { email: someNames().email });

    expectDone(await revert(ann, ann, 1), 200, { userId: ann.userId });

    expectProblem(await bob.put(`${bob.path}/email`, { email: before.email }), 409, 'email-taken');
  });

  it('stores nothing when the names are those already, and answers where the last event stands', async () => {
    const { ann } = await renamed();
    const reverted = await revert(ann, ann, 1);
    await app.register();

    await expectNothingStored(app, async () => {
      for (const version of [1, 2, CHANGED + 1]) {
        const answer = await revert(ann, ann, version);
        expect(expectDone(answer, 200, { userId: ann.userId })).toEqual(placeOf(reverted));
      }
    });
  });

  it('can be reverted itself', async () => {
    const { ann, before, now } = await renamed();
    await revert(ann, ann, 1);

    const answer = await revert(ann, ann, CHANGED);
    expect((await ann.get('/users/me', since(answer))).body).toMatchObject({
      email: now.email,
      username: now.username,
    });

    const again = await revert(ann, ann, CHANGED + 1);
    expect((await ann.get('/users/me', since(again))).body).toMatchObject({
      email: before.email,
      username: before.username,
      version: CHANGED + 3,
    });
  });

  it.each([CHANGED + 1, 1_000_000, Number.MAX_SAFE_INTEGER])('knows of no version %d', async (version) => {
    const { ann } = await renamed();

    const answer = await expectNothingStored(app, () => revert(ann, ann, version));

    expectProblem(answer, 404, 'version-not-found', { instance: `${ann.path}/reversion` });
  });

  it('is decided on the version in If-Match', async () => {
    const { ann } = await renamed();

    await expectNothingStored(app, async () => {
      for (const [version, stale] of [
        [1, CHANGED - 1],
        [1, CHANGED + 1],
        [CHANGED, 1],
      ] as const) {
        const refused = await revert(ann, ann, version, { 'if-match': `"${stale}"` });
        expectProblem(refused, 412, 'version-conflict', { detail: /\bactual version is 4\b/ });
      }
    });

    const answer = await revert(ann, ann, 1, { 'if-match': `"${CHANGED}"` });
    expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(CHANGED + 1);
  });
});
