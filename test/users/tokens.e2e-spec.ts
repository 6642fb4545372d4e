import { JwtService } from '@nestjs/jwt';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { JWT_SECRET, TestApp } from '../support/test-app.js';

const jwt = new JwtService();
const RIGHT = { secret: JWT_SECRET, algorithm: 'HS256', issuer: 'leftfold', audience: 'leftfold' } as const;

describe.each(DATABASE_KINDS)('access tokens on %s', (kind) => {
  let app: TestApp;
  let ann: Person;
  let operatorId: string;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    ann = await app.customer();
    operatorId = (await app.operator()).userId;
  });

  afterAll(() => app.close());

  const claims = () => ({ sub: ann.userId, roles: ['customer'], version: 2 });
  const sign = (options: object, more: object = {}): string =>
    jwt.sign({ ...claims(), ...more }, { ...RIGHT, expiresIn: '1h', ...options });
  const unsigned = (header: object): string =>
    [header, { ...claims(), iss: 'leftfold', aud: 'leftfold', exp: 4e9 }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');

  it('signed by hand as the app does are valid: the tests below forge in one point each', async () => {
    expect((await app.client(sign({})).get('/users/me', since(ann.signedIn))).status).toBe(200);
  });

  it.each<[string, () => string]>([
    ['expired', () => sign({ expiresIn: -1 })],
    ['never expires', () => jwt.sign(claims(), RIGHT)],
    ['is not valid yet', () => sign({ notBefore: '1h' })],
    ['is signed with another secret', () => sign({ secret: `${JWT_SECRET}.` })],
    ['is signed with another algorithm', () => sign({ algorithm: 'HS512' })],
    ['is of another issuer', () => sign({ issuer: 'somebody' })],
    ['is for another audience', () => sign({ audience: 'somebody' })],
    ['has no signature', () => `${unsigned({ alg: 'none', typ: 'JWT' })}.`],
    ['has a made-up signature', () => `${unsigned({ alg: 'none', typ: 'JWT' })}.c2lnbmVk`],
    [
      'has another one’s signature',
      () => `${sign({ expiresIn: '2h' }).split('.').slice(0, 2).join('.')}.${ann.token.split('.')[2]}`,
    ],
    ['has changed claims', () => ann.token.replace(/\.[^.]+\./, `.${sign({ audience: 'x' }).split('.')[1]}.`)],
    ['claims a role that there is not', () => sign({}, { roles: ['root'] })],
    ['claims nothing', () => jwt.sign({}, { ...RIGHT, expiresIn: '1h' })],
    ['is garbage', () => 'garbage'],
    ['is three parts of garbage', () => 'a.b.c'],
    ['is very long', () => `${'a'.repeat(5_000)}.b.c`],
    ['is missing', () => ''],
  ])('are invalid: one that %s', async (_what, token) => {
    const answers = await expectNothingStored(app, async () => [
      await app.client(token()).get('/users/me'),
      await app.client(token()).put(`${ann.path}/email`, { email: someNames().email }),
    ]);

    for (const answer of answers) {
      expectProblem(answer, 401, 'token-invalid');
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    }
    expect(answers[0]?.text).toBe((await app.client('garbage').get('/users/me')).text);
  });

  it.each([
    ['no scheme', () => ann.token],
    ['another scheme', () => `Basic ${ann.token}`],
    ['two tokens', () => `Bearer ${ann.token} ${ann.token}`],
    ['nothing', () => ''],
  ])('are invalid with %s', async (_what, authorization) => {
    const answer = await app.anyone.get('/users/me', { authorization: authorization() });

    expectProblem(answer, 401, 'token-invalid', { instance: '/users/me' });
  });

  it('are asked for before anything else is looked at', async () => {
    for (const [method, path, body] of [
      ['get', '/users/me', undefined],
      ['get', '/users?limit=many', undefined],
      ['get', '/users/no-uuid', undefined],
      ['get', `${ann.path}/history`, undefined],
      ['get', '/events', undefined],
      ['put', `${ann.path}/email`, { wrong: true }],
      ['put', `${ann.path}/username`, {}],
      ['put', `${ann.path}/roles/root`, undefined],
      ['delete', `${ann.path}/roles/root`, undefined],
    ] as const) {
      const answer = await app.anyone.send(method, path, body);
      expectProblem(answer, 401, 'not-signed-in');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('are as good as the roles that the read model has, not those that they claim', async () => {
    const forged = sign({}, { roles: ['customer', 'operator'], version: 1 });
    await app.caughtUpWith(ann.signedIn);

    expectProblem(await app.client(forged).get('/events'), 403, 'forbidden');
  });

  it('of an operator open what a customer’s don’t', async () => {
    expect((await (await app.operator()).get('/events')).status).toBe(200);
    expectProblem(await ann.get(`/users/${operatorId}`), 404, 'user-not-found');
  });

  it('take their scheme in any case', async () => {
    const answer = await app.anyone.get('/users/me', {
      authorization: `bearer ${ann.token}`,
      ...since(ann.signedIn),
    });

    expect(answer.status).toBe(200);
  });

  it('last as long as JWT_TTL says', async () => {
    const short = await TestApp.start(kind, { JWT_TTL: '90s' });
    const { signedIn, token } = await short.customer();
    await short.close();

    const { iat, exp } = jwt.decode<{ iat: number; exp: number }>(token);
    expect(exp - iat).toBe(90);
    expect(signedIn.body).toMatchObject({ expiresAt: new Date(exp * 1_000).toISOString() });
  });

  it('hold no more than who, which roles, and until when', () => {
    expect(Object.keys(jwt.decode<object>(ann.token)).toSorted()).toEqual([
      'aud',
      'exp',
      'iat',
      'iss',
      'roles',
      'sub',
      'version',
    ]);
  });
});
