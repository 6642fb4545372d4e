import type { UserAnswer } from '../../src/users/user.answer.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { type Names, type Person, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

/** Version of a user who has registered, signed in, and changed address and user name. */
const CHANGED = 4;

// Other tests prove the limits of mails to one address.
const here = useApp('sqlite', { RATE_LIMITS: 'off' });
/** A user who registered as `before`, and has other names now. */
let ann: Person;
let before: Names;
let now: Names;

beforeEach(async () => {
  [before, now] = [someNames(), someNames()];
  ann = await here.app.customer(before);
  await ann.put(`${ann.path}/email`, { email: now.email, currentPassword: ann.password });
  await ann.put(`${ann.path}/username`, { username: now.username });
});

const revert = (by: Client, toVersion: number, headers?: Headers): Promise<Answer> =>
  by.post(`${ann.path}/reversion`, { toVersion }, headers);
const found = async (email: string, headers: Headers): Promise<UserAnswer[]> =>
  ((await here.operator.get(`/users?email=${encodeURIComponent(email)}`, headers)).body as { items: UserAnswer[] })
    .items;

const expectReverted = (answer: Answer, data: { toVersion: number; actor?: Person } & Record<string, unknown>) => {
  const { actor = ann, ...more } = data;
  const { userId } = ann;
  expectDone(answer, 200, { userId });
  return expectEvent(here.app, answer, {
    actor: actor.userId,
    type: 'users.profile-reverted',
    data: {
      userId,
      username: before.username,
      email: before.email,
      previousUsername: now.username,
      previousEmail: now.email,
      ...more,
    },
  });
};

it('restores both names, for users themselves and for operators', async () => {
  await expectReverted(await revert(here.operator, 2), { toVersion: 2, actor: here.operator });
  await expectReverted(await revert(ann, CHANGED), {
    toVersion: CHANGED,
    username: now.username,
    email: now.email,
    previousUsername: before.username,
    previousEmail: before.email,
  });
  const again = await revert(ann, CHANGED + 1);
  await expectReverted(again, { toVersion: CHANGED + 1 });
  expect(placeOf(again).version).toBe(CHANGED + 3);
});

it('is applied by look-ups, lists and sign-in', async () => {
  const answer = await revert(ann, 1);

  const me = await ann.get('/users/me', since(answer));
  expect(me.body).toMatchObject({ username: before.username, email: before.email, version: CHANGED + 1 });
  expect(me.headers.etag).toBe(answer.headers.etag);
  expect(await found(before.email.toUpperCase(), since(answer))).toEqual([me.body]);
  expect(await found(now.email, since(answer))).toEqual([]);
  expect((await here.app.signIn(before)).userId).toBe(ann.userId);
  const { password } = before;
  expectProblem(await here.app.anyone.post('/sessions', { email: now.email, password }), 401, 'wrong-credentials');
});

it('is added to the history, which does not change otherwise', async () => {
  const past = (await ann.get(`${ann.path}?version=${CHANGED}`)).body;

  await revert(ann, 1);

  expect((await ann.get(`${ann.path}?version=${CHANGED}`)).body).toEqual(past);
  expect(past).toMatchObject({ username: now.username, email: now.email });
  const { username, email } = before;
  const reverted = (await ann.get(`${ann.path}?version=${CHANGED + 1}`)).body;
  expect(reverted).toEqual({ ...past, username, email, version: CHANGED + 1 });
  const { items } = (await ann.get(`${ann.path}/history`)).body as { items: { type: string }[] };
  expect(items.map(({ type }) => type).slice(CHANGED - 1)).toEqual([
    'users.username-changed',
    'users.profile-reverted',
  ]);
});

it('restores one name when the other is the same', async () => {
  const address = await revert(ann, 3);
  await expectReverted(address, { toVersion: 3, email: now.email });

  await ann.put(`${ann.path}/username`, { username: now.username });
  await ann.put(`${ann.path}/email`, { email: before.email, currentPassword: ann.password });
  const name = await revert(ann, CHANGED + 2);
  await expectReverted(name, {
    toVersion: CHANGED + 2,
    username: now.username,
    email: now.email,
    previousEmail: before.email,
  });
});

it('does not change roles, the password and the last sign-in', async () => {
  const { lastLoginTime } = (await ann.get('/users/me', since(ann.signedIn))).body as UserAnswer;
  await here.operator.put(`${ann.path}/roles/operator`);

  const answer = await revert(here.operator, 1);

  const { body } = await here.operator.get(ann.path, since(answer));
  expect(body).toMatchObject({ roles: ['customer', 'operator'], lastLoginTime, version: CHANGED + 2 });
  expect((await here.operator.get(`${ann.path}?version=${CHANGED + 2}`)).body).toEqual(body);
  expect((await (await here.app.signIn(before)).get('/events?limit=1')).status).toBe(200);
});

it('frees the current names, and claims the restored ones', async () => {
  expectDone(await revert(ann, 1), 200, { userId: ann.userId });

  const { email, username } = before;
  expectProblem(await here.app.anyone.post('/users', { ...someNames(), email }), 409, 'email-taken');
  const loud = { ...someNames(), username: username.toUpperCase() };
  expectProblem(await here.app.anyone.post('/users', loud), 409, 'username-taken');
  expect((await here.app.anyone.post('/users', now)).status).toBe(201);
});

it.each([
  ['email', 'email-taken'],
  ['username', 'username-taken'],
] as const)('refuses a taken %s until it is given up', async (field, code) => {
  const bob = await here.app.customer({ [field]: before[field].toUpperCase() });

  for (const by of [ann, here.operator]) {
    const answer = await expectNothingStored(here.app, () => revert(by, 1));
    expectProblem(answer, 409, code, { instance: `${ann.path}/reversion` });
  }

  await bob.change(field, someNames()[field]);
  expectDone(await revert(ann, 1), 200, { userId: ann.userId });
  expectProblem(await bob.change(field, before[field]), 409, code);
});

it('stores nothing when the names are the same, and returns the position of the last event', async () => {
  const reverted = await revert(ann, 1);
  await here.app.register();

  await expectNothingStored(here.app, async () => {
    for (const version of [1, 2, CHANGED + 1]) {
      expect(expectDone(await revert(ann, version), 200, { userId: ann.userId })).toEqual(placeOf(reverted));
    }
  });
});

it.each([CHANGED + 1, Number.MAX_SAFE_INTEGER])('refuses the unknown version %d', async (version) => {
  const answer = await expectNothingStored(here.app, () => revert(ann, version));

  expectProblem(answer, 404, 'version-not-found', { instance: `${ann.path}/reversion` });
});

it('is decided on the version in If-Match', async () => {
  await expectNothingStored(here.app, async () => {
    for (const [version, stale] of [
      [1, CHANGED - 1],
      [1, CHANGED + 1],
      [CHANGED, 1],
    ] as const) {
      const refused = await revert(ann, version, { 'if-match': `"${stale}"` });
      expectProblem(refused, 412, 'version-conflict', { detail: /\bactual version is 4\b/ });
    }
  });

  const answer = await revert(ann, 1, { 'if-match': `"${CHANGED}"` });
  expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(CHANGED + 1);
});
