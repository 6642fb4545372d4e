import { JwtService } from '@nestjs/jwt';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ask, expectProblem } from '../testing/ask.js';
import { SECRET, startThings, ToldDirectory, USER_ID } from '../testing/things-app.js';
import { AccessTokens } from './access-tokens.js';
import { RoleDirectory } from './role-directory.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startThings();
});

beforeEach(() => {
  Object.assign(directory(), { known: undefined, asked: 0 });
});

afterAll(() => app.close());

const directory = (): ToldDirectory => app.get(RoleDirectory);

describe('signing in', () => {
  const tokens = () => app.get(AccessTokens);
  const holder = { userId: USER_ID, roles: ['customer'] as const, version: 5 };
  const asking = (url: string, authorization?: string) =>
    ask(app, { url: `/things/${url}`, headers: authorization === undefined ? {} : { authorization } });

  it('is asked for', async () => {
    const answer = await asking('me');

    expectProblem(answer, 401, 'not-signed-in', '/things/me');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('tells who asks, with the roles of the token', async () => {
    const { accessToken, expiresAt } = tokens().issue(holder);

    expect((await asking('me', `Bearer ${accessToken}`)).body).toEqual({
      user: { userId: USER_ID, roles: ['customer'] },
      actor: USER_ID,
    });
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_590_000);
    expect(directory().asked).toBe(1);
  });

  const claims = { sub: USER_ID, roles: ['customer'], version: 5 };
  const named = { issuer: 'leftfold', audience: 'leftfold', expiresIn: '1h' } as const;
  const jwt = new JwtService();
  const unsigned = (header: object) =>
    `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(JSON.stringify({ ...claims, iss: 'leftfold', aud: 'leftfold', exp: 4e9 })).toString('base64url')}`;

  it.each([
    ['nonsense', 'Bearer nonsense'],
    ['another scheme', 'Basic YTpi'],
    ['nothing', ''],
    ['expired', `Bearer ${jwt.sign(claims, { ...named, expiresIn: -10, secret: SECRET })}`],
    ['never expiring', `Bearer ${jwt.sign(claims, { issuer: 'leftfold', audience: 'leftfold', secret: SECRET })}`],
    ['another secret', `Bearer ${jwt.sign(claims, { ...named, secret: `${SECRET}!` })}`],
    ['another algorithm', `Bearer ${jwt.sign(claims, { ...named, secret: SECRET, algorithm: 'HS512' })}`],
    ['another issuer', `Bearer ${jwt.sign(claims, { ...named, issuer: 'x', secret: SECRET })}`],
    ['another audience', `Bearer ${jwt.sign(claims, { ...named, audience: 'x', secret: SECRET })}`],
    ['an unknown role', `Bearer ${jwt.sign({ ...claims, roles: ['root'] }, { ...named, secret: SECRET })}`],
    ['no claims', `Bearer ${jwt.sign({}, { ...named, secret: SECRET })}`],
    ['no signature', `Bearer ${unsigned({ alg: 'none', typ: 'JWT' })}.`],
    ['a made-up signature', `Bearer ${unsigned({ alg: 'none', typ: 'JWT' })}.x`],
  ])('with %s: token-invalid', async (_name, authorization) => {
    const answer = await asking('me', authorization);

    expectProblem(answer, 401, 'token-invalid', '/things/me');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('as somebody without the role: forbidden', async () => {
    const { accessToken } = tokens().issue(holder);

    expectProblem(await asking('operators-only', `Bearer ${accessToken}`), 403, 'forbidden');
  });

  it.each([
    [{ roles: ['operator'], version: 5 }, 200],
    [{ roles: ['operator'], version: 4 }, 403],
    [undefined, 403],
  ] as const)('believes the directory when it is not behind the token: %j', async (known, status) => {
    directory().known = known;
    const { accessToken } = tokens().issue(holder);

    expect((await asking('operators-only', `Bearer ${accessToken}`)).status).toBe(status);
  });

  it('looks up no roles where none matter, and no token on a public route', async () => {
    const { accessToken } = tokens().issue(holder);

    expect((await asking('signed-in', `Bearer ${accessToken}`)).status).toBe(200);
    expect((await asking('busy', 'Bearer nonsense')).status).toBe(503);
    expect(directory().asked).toBe(0);
  });
});
