import { JwtService } from '@nestjs/jwt';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Answer, Client } from '../testing/client.js';
import { expectProblem } from '../testing/expect-problem.js';
import { CUSTOMER, SECRET, startThings, FixedDirectory, USER_ID } from '../testing/things-app.js';
import { AccessTokens } from './access-tokens.js';
import { AccessDirectory } from './access-directory.js';

let app: NestFastifyApplication;
let token: string;

beforeAll(async () => {
  app = await startThings();
  token = app.get(AccessTokens).issue({ userId: USER_ID, version: 5, generation: 1 }).accessToken;
});

beforeEach(() => {
  Object.assign(directory(), { known: CUSTOMER, remembered: undefined, asked: 0 });
});

afterAll(() => app.close());

const directory = (): FixedDirectory => app.get(AccessDirectory);
const asking = (path: string, authorization?: string): Promise<Answer> =>
  new Client(app.getHttpServer()).get(`/things/${path}`, authorization === undefined ? {} : { authorization });

const jwt = new JwtService();
const CLAIMS = { sub: USER_ID, version: 5, generation: 1 };
const RIGHT = { secret: SECRET, algorithm: 'HS256', issuer: 'leftfold', audience: 'leftfold' } as const;
const sign = (options: object, more: object = {}): string =>
  jwt.sign({ ...CLAIMS, ...more }, { ...RIGHT, expiresIn: '1h', ...options });
const UNSIGNED = [
  { alg: 'none', typ: 'JWT' },
  { ...CLAIMS, iss: 'leftfold', aud: 'leftfold', exp: 4e9 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');
/** A token with the claims of one token and the signature of another. */
const mixed = (claims: string, signature: string): string =>
  [...claims.split('.').slice(0, 2), signature.split('.')[2]].join('.');

it('a request without a token gets 401', async () => {
  const answer = await asking('me');

  expectProblem(answer, 401, 'not-signed-in', { instance: '/things/me' });
  expect(answer.headers['www-authenticate']).toBe('Bearer');
});

it.each(['Bearer', 'bearer'])('a token names the user and the roles: %s', async (scheme) => {
  expect((await asking('me', `${scheme} ${token}`)).body).toEqual({
    user: { userId: USER_ID, roles: ['customer'], operates: false },
    actor: USER_ID,
  });
  expect(directory().asked).toBe(1);
});

it('a token signed by hand like the application’s is valid: each of those below differs in one point', async () => {
  expect((await asking('me', `Bearer ${sign({})}`)).status).toBe(200);
});

it.each<[string, () => string]>([
  ['nothing', () => ''],
  ['no scheme', () => token],
  ['another scheme', () => `Basic ${token}`],
  ['two tokens', () => `Bearer ${token} ${token}`],
  ['no token', () => 'Bearer '],
  ['garbage', () => 'Bearer garbage'],
  ['a text of three parts that is not a token', () => 'Bearer a.b.c'],
  ['very much garbage', () => `Bearer ${'a'.repeat(5_000)}.b.c`],
  ['an expired token', () => `Bearer ${sign({ expiresIn: -1 })}`],
  ['a token that never expires', () => `Bearer ${jwt.sign(CLAIMS, RIGHT)}`],
  ['a token that is not valid yet', () => `Bearer ${sign({ notBefore: '1h' })}`],
  ['another secret', () => `Bearer ${sign({ secret: `${SECRET}!` })}`],
  ['another algorithm', () => `Bearer ${sign({ algorithm: 'HS512' })}`],
  ['another issuer', () => `Bearer ${sign({ issuer: 'x' })}`],
  ['another audience', () => `Bearer ${sign({ audience: 'x' })}`],
  ['no generation', () => `Bearer ${sign({}, { generation: undefined })}`],
  ['no claims', () => `Bearer ${jwt.sign({}, { ...RIGHT, expiresIn: '1h' })}`],
  ['no signature', () => `Bearer ${UNSIGNED}.`],
  ['a made-up signature', () => `Bearer ${UNSIGNED}.c2lnbmVk`],
  ['the signature of another token', () => `Bearer ${mixed(sign({ expiresIn: '2h' }), token)}`],
  ['changed claims', () => `Bearer ${mixed(sign({}, { generation: 2 }), token)}`],
])('with %s: token-invalid', async (_what, authorization) => {
  const answer = await asking('me', authorization());

  expectProblem(answer, 401, 'token-invalid', { instance: '/things/me' });
  expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  expect(answer.text).toBe((await asking('me', 'Bearer garbage')).text);
});

it('as a user without the role: forbidden', async () => {
  expectProblem(await asking('operators-only', `Bearer ${token}`), 403, 'forbidden');
});

const OPERATOR = { ...CUSTOMER, roles: ['customer', 'operator'] } as const;

it('a role counts from the moment the directory has it until the moment it does not', async () => {
  Object.assign(directory(), { remembered: CUSTOMER, known: OPERATOR });
  expect((await asking('operators-only', `Bearer ${token}`)).status).toBe(200);

  Object.assign(directory(), { remembered: undefined, known: CUSTOMER });
  expectProblem(await asking('operators-only', `Bearer ${token}`), 403, 'forbidden');
});

it.each([
  ['of a user who is not in this log', undefined],
  ['from before all sessions were ended', { ...CUSTOMER, generation: 2 }],
  ['of a session that was ended', { ...CUSTOMER, hasEnded: (session: number) => session === 5 }],
  ['of a version that this log does not have', { ...CUSTOMER, version: 4 }],
])('a token %s is void on every route', async (_, known) => {
  Object.assign(directory(), { known });

  expectProblem(await asking('signed-in', `Bearer ${token}`), 401, 'token-invalid');
  expectProblem(await asking('operators-only', `Bearer ${token}`), 401, 'token-invalid');
});

it('a public route looks up no user', async () => {
  expect((await asking('busy', 'Bearer nonsense')).status).toBe(503);
  expect(directory().asked).toBe(0);
});

it('a token lasts as long as JWT_TTL says, and holds only user id, roles and expiry', async () => {
  const short = await startThings({ JWT_TTL: '90s' });
  const issued = short.get(AccessTokens).issue({ userId: USER_ID, version: 5, generation: 1 });
  await short.close();

  const { iat, exp, ...claims } = jwt.decode<{ iat: number; exp: number }>(issued.accessToken);
  expect(exp - iat).toBe(90);
  expect(issued.expiresAt).toBe(new Date(exp * 1_000).toISOString());
  expect(claims).toEqual({ ...CLAIMS, iss: 'leftfold', aud: 'leftfold' });
});
