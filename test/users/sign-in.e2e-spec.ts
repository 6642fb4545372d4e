import { since } from '../support/client.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { type Names, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('POST /sessions', () => {
  const here = useApp('sqlite', { RATE_LIMITS: 'off' });

  const signIn = ({ email, password }: Pick<Names, 'email' | 'password'>, headers?: Record<string, string>) =>
    here.app.anyone.post('/sessions', { email, password }, headers);

  it('returns a token, and records the sign-in', async () => {
    const ann = await here.app.register();
    const before = Date.now();

    const answer = await signIn(ann);

    const { userId } = ann;
    const place = expectDone(answer, 201, {
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresAt: expect.any(String),
      userId,
    });
    expect(place.version).toBe(2);
    const lasts = Date.parse((answer.body as { expiresAt: string }).expiresAt) - before;
    expect(lasts).toBeGreaterThan(HOUR - MINUTE);
    expect(lasts).toBeLessThan(HOUR + MINUTE);

    const [event] = await here.app.eventsAfter(place.position - 1);
    const loginTime = event?.data.loginTime as string;
    expect(Date.parse(loginTime)).toBeGreaterThanOrEqual(before);
    await expectEvent(here.app, answer, {
      actor: 'anonymous',
      type: 'users.user-logged-in',
      data: { userId, loginTime },
    });
    const me = here.app.client((answer.body as { accessToken: string }).accessToken);
    expect((await me.get('/users/me', since(answer))).body).toMatchObject({ userId, lastLoginTime: loginTime });
  });

  it('records every sign-in, and the last one is shown', async () => {
    const ann = await here.app.customer();
    const first = await ann.get('/users/me', since(ann.signedIn));

    const again = await signIn(ann);

    expect(placeOf(again).version).toBe(3);
    const { lastLoginTime } = (await ann.get('/users/me', since(again))).body as { lastLoginTime: string };
    expect(Date.parse(lastLoginTime)).toBeGreaterThan(
      Date.parse((first.body as { lastLoginTime: string }).lastLoginTime),
    );
  });

  it('accepts the address in any spelling, and the password in any Unicode form', async () => {
    const ann = await here.app.register({ password: 'Schlüssel-пароль-合言葉-🔑' });
    const { email, password } = ann;

    for (const address of [email.toUpperCase(), ` ${email} `, `\uFF21${email.slice(1)}`]) {
      expect((await signIn({ email: address, password: password.normalize('NFD') })).status).toBe(201);
    }
  });

  it('uses a new address at once, also when another user takes the old one', async () => {
    const [ann, bob] = [await here.app.customer(), await here.app.customer()];
    const { email } = someNames();

    await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password });
    expect((await signIn({ email, password: ann.password })).body).toMatchObject({ userId: ann.userId });
    expectProblem(await signIn(ann), 401, 'wrong-credentials');

    await bob.put(`${bob.path}/email`, { email: ann.email, currentPassword: bob.password });
    const answer = await signIn({ email: ann.email, password: bob.password });
    expect(answer.body).toMatchObject({ userId: bob.userId });
    expectProblem(await signIn(ann), 401, 'wrong-credentials');
  });

  it('answers the same for a wrong password and an unknown address, and stores nothing', async () => {
    const [ann, bob] = [await here.app.register(), await here.app.register()];
    const asked = [
      { ...ann, password: bob.password },
      { ...ann, password: 'quite another word' },
      { ...ann, password: '' },
      { ...ann, password: `${ann.password} ` },
      { ...ann, password: ann.password.toUpperCase() },
      { ...ann, email: 'nobody.at.all@example.com' },
      { ...ann, email: 'no address' },
      { ...ann, email: '' },
    ];

    const answers = await expectNothingStored(here.app, async () => {
      const all = [];
      for (const each of asked) all.push(await signIn(each));
      return all;
    });

    for (const answer of answers) {
      expectProblem(answer, 401, 'wrong-credentials', { instance: '/sessions' });
      expect(answer.text).toBe(answers[0]!.text);
      expect(Object.keys(answer.headers)).toEqual(Object.keys(answers[0]!.headers));
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('refuses an Idempotency-Key, and stores nothing', async () => {
    const ann = await here.app.register();

    const answer = await expectNothingStored(here.app, () => signIn(ann, { 'idempotency-key': 'once' }));

    expectProblem(answer, 400, 'validation-failed', { fields: ['Idempotency-Key'] });
  });

  it('is decided on the version in If-Match', async () => {
    const ann = await here.app.register();

    const stale = await expectNothingStored(here.app, () => signIn(ann, { 'if-match': '"7"' }));

    expectProblem(stale, 412, 'version-conflict', { detail: /\bactual version is 1\b/ });
    expect((await signIn(ann, { 'if-match': '"1"' })).status).toBe(201);
  });
});
