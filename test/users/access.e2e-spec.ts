import { JwtService } from '@nestjs/jwt';
import { type Client, since } from '../support/client.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { NOBODY, someNames } from '../support/people.js';
import { JWT_SECRET } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';

/** Answers to a customer and to an operator about a user who does not exist: those about another one, in test/authorisation. */
const READ = [404, 404] as const;
const CHANGE = [404, 403] as const;
const OPERATE = [403, 404] as const;
const CODES = { 401: 'not-signed-in', 403: 'forbidden', 404: 'user-not-found' };

const ROUTES = [
  ['get', '', undefined, READ],
  ['get', '?version=1', undefined, READ],
  ['get', '/history', undefined, READ],
  ['put', '/email', () => ({ email: someNames().email, currentPassword: here.ann.password }), CHANGE],
  ['put', '/password', () => ({ currentPassword: here.ann.password, newPassword: someNames().password }), CHANGE],
  ['put', '/username', () => ({ username: someNames().username }), CHANGE],
  ['post', '/reversion', () => ({ toVersion: 1 }), READ],
  ['put', '/roles/operator', undefined, OPERATE],
  ['delete', '/roles/operator', undefined, OPERATE],
  ['delete', '/sessions', undefined, READ],
] as const;

const here = useApp('sqlite');

it.each(ROUTES)('%s /users/:userId%s reveals no user', async (method, rest, body, [customers, operators]) => {
  const expectRefused = async (by: Client, status: 401 | 403 | 404, userId: string): Promise<void> => {
    const path = `/users/${userId}${rest}`;
    const answer = await expectNothingStored(here.app, () => by.send(method, path, body?.()));
    expectProblem(answer, status, CODES[status], { instance: path.split('?')[0]! });
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
  };

  await expectRefused(here.app.anyone, 401, here.ann.userId);
  await expectRefused(here.bob, customers, NOBODY);
  await expectRefused(here.operator, operators, NOBODY);
});

it('the sign-in is checked before anything else', async () => {
  for (const [method, path, body] of [
    ['get', '/users?limit=many', undefined],
    ['get', '/users/no-uuid', undefined],
    ['get', '/users/me', undefined],
    ['put', `${here.bob.path}/email`, { wrong: true }],
    ['put', `${here.bob.path}/roles/root`, undefined],
  ] as const) {
    expectProblem(await here.app.anyone.send(method, path, body), 401, 'not-signed-in');
  }
});

// auth.int-spec.ts has every kind of forged token.
it('a forged token changes nothing, while a correctly signed one would have', async () => {
  const sign = (secret: string, generation: number, version: number): Client =>
    here.app.client(
      new JwtService().sign(
        { sub: here.bob.userId, generation, version },
        { secret, algorithm: 'HS256', issuer: 'leftfold', audience: 'leftfold', expiresIn: '1h' },
      ),
    );
  const change = (by: Client) =>
    by.put(`${here.bob.path}/email`, { email: someNames().email, currentPassword: here.bob.password });

  const forged = await expectNothingStored(here.app, () => change(sign(`${JWT_SECRET}.`, 0, 2)));
  expectProblem(forged, 401, 'token-invalid');
  expect((await change(sign(JWT_SECRET, 0, 2))).status).toBe(200);
  expectProblem(await sign(JWT_SECRET, 1, 2).get('/events'), 401, 'token-invalid');
  expectProblem(await sign(JWT_SECRET, 0, 2_000).get('/events'), 401, 'token-invalid');
});

it('an If-None-Match does not tell strangers that a resource exists', async () => {
  const { headers } = await here.ann.get('/users/me', since(here.ann.signedIn));

  for (const tag of [headers.etag!, '*']) {
    expectProblem(await here.bob.get(here.ann.path, { 'if-none-match': tag }), 404, 'user-not-found');
    expectProblem(await here.app.anyone.get(here.ann.path, { 'if-none-match': tag }), 401, 'not-signed-in');
    expect((await here.operator.get(here.ann.path, { 'if-none-match': tag })).status).toBe(304);
  }
});
