import type { UserAnswer } from '../../src/users/user.answer.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { type Names, type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
/** Version of somebody who has registered, signed in, and changed address and user name. */
const CHANGED = 4;

describe.each(DATABASE_KINDS)('POST /users/:userId/reversion on %s', (kind) => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
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

  it('makes both names again what they were', async () => {
    const { ann, before, now } = await renamed();

    const answer = await revert(ann, ann, 1);

    expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(CHANGED + 1);
    await expectEvent(app, answer, {
      actor: ann.userId,
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
    const past = (await ann.get(`${ann.path}?version=${CHANGED}`)).body as object;

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

  it('leaves roles as they are', async () => {
    const { ann } = await renamed();
    await operator.put(`${ann.path}/roles/operator`);

    const answer = await revert(ann, ann, 1);

    const { body } = await ann.get('/users/me', since(answer));
    expect(body).toMatchObject({ roles: ['customer', 'operator'], version: CHANGED + 2 });
    expect((await ann.get(`${ann.path}?version=${CHANGED + 2}`)).body).toEqual(body);
    expect((await (await app.signIn(ann)).get('/events?limit=1')).status).toBe(200);
  });

  it('leaves the password and the last sign-in as they are', async () => {
    const { ann } = await renamed();
    const { lastLoginTime } = (await ann.get('/users/me')).body as UserAnswer;

    const answer = await revert(ann, ann, 1);

    expect((await ann.get('/users/me', since(answer))).body).toMatchObject({ lastLoginTime });
    expect((await app.signIn(ann)).userId).toBe(ann.userId);
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

  it('can be done by operators', async () => {
    const { ann, before, now } = await renamed();

    const answer = await revert(operator, ann, 2);

    expectDone(answer, 200, { userId: ann.userId });
    await expectEvent(app, answer, {
      actor: operator.userId,
      type: 'users.profile-reverted',
      data: {
        userId: ann.userId,
        toVersion: 2,
        username: before.username,
        email: before.email,
        previousUsername: now.username,
        previousEmail: now.email,
      },
    });
  });

  it('does not exist for another customer', async () => {
    const [{ ann }, bob] = [await renamed(), await app.customer()];

    await expectNothingStored(app, async () => {
      for (const user of [ann, { userId: NOBODY }]) {
        const instance = `/users/${user.userId}/reversion`;
        expectProblem(await revert(bob, user, 1), 404, 'user-not-found', { instance });
      }
    });
  });

  it('asks strangers to sign in', async () => {
    const { ann } = await renamed();

    const answer = await expectNothingStored(app, () => revert(app.anyone, ann, 1));

    expectProblem(answer, 401, 'not-signed-in', { instance: `${ann.path}/reversion` });
  });

  it('knows who is not there', async () => {
    const answer = await expectNothingStored(app, () => revert(operator, { userId: NOBODY }, 1));

    expectProblem(answer, 404, 'user-not-found');
  });

  it.each([CHANGED + 1, 1_000_000, Number.MAX_SAFE_INTEGER])('knows of no version %d', async (version) => {
    const { ann } = await renamed();

    const answer = await expectNothingStored(app, () => revert(ann, ann, version));

    expectProblem(answer, 404, 'version-not-found', { instance: `${ann.path}/reversion` });
  });

  it.each([0, -1, 1.5, 2 ** 53, '1', 'one', '', true, null, [1], { version: 1 }, undefined])(
    'refuses toVersion: %j',
    async (toVersion) => {
      const { ann } = await renamed();

      const answer = await expectNothingStored(app, () => revert(ann, ann, toVersion));

      expectProblem(answer, 400, 'validation-failed', { fields: ['toVersion'] });
    },
  );

  it('refuses what it does not know, and an id that is no UUID', async () => {
    const { ann, before } = await renamed();

    await expectNothingStored(app, async () => {
      const named = await ann.post(`${ann.path}/reversion`, { toVersion: 1, email: before.email });
      expectProblem(named, 400, 'validation-failed', { fields: ['email'] });
      const misplaced = await revert(operator, { userId: 'ann' }, 1);
      expectProblem(misplaced, 400, 'validation-failed', { fields: ['userId'] });
    });
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

  it('is stored once when many ask for the same at once', async () => {
    const [{ ann }, before] = [await renamed(), await app.head()];

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => revert(at % 2 ? ann : operator, ann, 1 + (at % 2))),
    );

    for (const answer of answers) {
      expect(expectDone(answer, 200, { userId: ann.userId })).toEqual({ position: before + 1, version: CHANGED + 1 });
    }
    expect(await app.head()).toBe(before + 1);
  });

  it('races with who wants the same name: somebody has it in the end, and only one', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 12 || (outcomes.size < 2 && round < 60); round++) {
      const { ann, before } = await renamed();
      const bob = await app.customer();
      const asking = [
        () => bob.put(`${bob.path}/email`, { email: before.email }),
        () => revert(ann, ann, 1),
        () => revert(operator, ann, 2),
      ];
      // Who asks first mostly wins, so each is first in turn.
      const order = [0, 1, 2].map((at) => (at + round) % 3);
      const answers: Answer[] = [];
      await Promise.all(order.map(async (at) => (answers[at] = await asking[at]!())));

      const [claim, ...reversions] = answers as [Answer, ...Answer[]];
      const claimed = claim.status === 200;
      for (const refused of claimed ? reversions : [claim]) expectProblem(refused, 409, 'email-taken');
      for (const { status } of claimed ? [claim] : reversions) expect(status).toBe(200);
      const holders = await found(before.email, { 'leftfold-min-position': String(await app.head()) });
      expect(holders.map(({ userId }) => userId)).toEqual([claimed ? bob.userId : ann.userId]);
      outcomes.add(claimed ? 'claimed' : 'reverted');
    }
    expect(outcomes.size).toBe(2);
  });
});
