import { type Answer, type Headers, since } from '../support/client.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

const NAMES = [
  { field: 'email', previous: 'previousEmail', type: 'users.email-changed', taken: 'email-taken' },
  { field: 'username', previous: 'previousUsername', type: 'users.username-changed', taken: 'username-taken' },
] as const;
/** Version of a user who has registered and signed in. */
const SIGNED_IN = 2;

const here = useApp('sqlite', { RATE_LIMITS: 'off' });

describe.each(NAMES)('PUT /users/:userId/$field', ({ field, previous, type, taken }) => {
  const change = (user: Person, value: string, headers?: Headers): Promise<Answer> =>
    user.change(field, value, headers);
  const another = (): string => someNames()[field];

  it('changes it', async () => {
    const ann = await here.app.customer();
    const wanted = another();

    const answer = await change(ann, wanted);

    expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(SIGNED_IN + 1);
    await expectEvent(here.app, answer, {
      actor: ann.userId,
      type,
      data: { userId: ann.userId, [field]: wanted, [previous]: ann[field] },
    });
    expect((await ann.get('/users/me', since(answer))).body).toMatchObject({ [field]: wanted, version: SIGNED_IN + 1 });
  });

  it('stores nothing when nothing changes, and returns the position of the last event', async () => {
    const ann = await here.app.customer();
    const wanted = another();
    const changed = await change(ann, wanted);
    await here.app.register();

    const again = await expectNothingStored(here.app, () => change(ann, ` ${wanted} `));

    expect(expectDone(again, 200, { userId: ann.userId })).toEqual(placeOf(changed));
  });

  it('says that it is not sealed where nothing is', async () => {
    const ann = await here.app.customer();

    const wanted = another();

    const answer = await change(ann, wanted, { 'leftfold-wait': 'sealed' });

    expect(answer.headers['leftfold-sealed']).toBe('false');
    expectDone(answer, 202, { userId: ann.userId });
    expect((await ann.get('/users/me', since(answer))).body).toMatchObject({ [field]: wanted });
    expectProblem(await change(ann, another(), { 'leftfold-wait': 'printed' }), 400, 'validation-failed');
  });

  it('counts another spelling as a change', async () => {
    const ann = await here.app.customer();
    const loud = ann[field].toUpperCase();

    const answer = await change(ann, loud);

    const data = { userId: ann.userId, [field]: loud, [previous]: ann[field] };
    await expectEvent(here.app, answer, { actor: ann.userId, type, data });
  });

  it('refuses a taken value, in any spelling', async () => {
    const [ann, bob] = [await here.app.customer(), await here.app.register()];

    await expectNothingStored(here.app, async () => {
      for (const spelling of [bob[field], bob[field].toUpperCase(), `\uFF21${bob[field].slice(1)}`]) {
        expectProblem(await change(ann, spelling), 409, taken, { instance: `${ann.path}/${field}` });
      }
    });
  });

  it('frees the old value for the next user', async () => {
    const [ann, bob] = [await here.app.customer(), await here.app.customer()];
    expectDone(await change(ann, another()), 200, { userId: ann.userId });

    expectDone(await change(bob, ann[field]), 200, { userId: bob.userId });

    expectProblem(await change(ann, ann[field]), 409, taken);
    expectProblem(await here.app.anyone.post('/users', { ...someNames(), [field]: ann[field] }), 409, taken);
    expect((await here.app.anyone.post('/users', { ...someNames(), [field]: bob[field] })).status).toBe(201);
  });

  it('is decided on the version in If-Match', async () => {
    const ann = await here.app.customer();

    await expectNothingStored(here.app, async () => {
      for (const version of [SIGNED_IN - 1, SIGNED_IN + 1, Number.MAX_SAFE_INTEGER]) {
        for (const wanted of [another(), ann[field]]) {
          const answer = await change(ann, wanted, { 'if-match': `"${version}"` });
          expectProblem(answer, 412, 'version-conflict', { detail: /\bactual version is 2\b/ });
        }
      }
    });

    const answer = await change(ann, another(), { 'if-match': ann.signedIn.headers.etag! });
    expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(SIGNED_IN + 1);
  });
});
