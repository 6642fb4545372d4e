import type { Answer, Body, Headers } from '../support/client.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { NOBODY, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

const here = useApp('sqlite');

// The unit and integration tests of platform and users test every malformed body and every wrong value of a field;
// here is one of each kind for every route with a body.
it.each([
  ['post', '/users', () => ({ ...someNames() })],
  ['post', '/sessions', () => ({ email: here.ann.email, password: here.ann.password })],
  ['put', '/users/:userId/email', () => ({ email: someNames().email, currentPassword: here.ann.password })],
  ['put', '/users/:userId/password', () => ({ currentPassword: here.ann.password, newPassword: someNames().password })],
  ['post', '/password-resets/redemption', () => ({ token: 'a.b.c', newPassword: someNames().password })],
  ['put', '/users/:userId/username', () => ({ username: someNames().username })],
  ['post', '/users/:userId/reversion', () => ({ toVersion: 1 })],
] as const)('%s %s refuses an invalid body, and stores nothing', async (method, route, validBody) => {
  const path = route.replace(':userId', here.ann.userId);
  const valid: Record<string, unknown> = validBody();
  const [field] = Object.keys(valid);
  const send = (body?: Body, headers?: Headers): Promise<Answer> =>
    expectNothingStored(here.app, () => here.ann.send(method, path, body, headers));
  const text = JSON.stringify(valid);

  expectProblem(await send(text.slice(0, -1)), 400, 'malformed-json', { instance: path });
  expectProblem(await send(Buffer.from(`${text}\u00e9`, 'latin1')), 400, 'malformed-json', { instance: path });
  expectProblem(await send('[]'), 400, 'validation-failed', { instance: path, fields: ['body'] });
  expectProblem(await send(), 400, 'validation-failed', { instance: path, fields: Object.keys(valid) });
  for (const [body, named] of [
    [{ ...valid, [field!]: [valid[field!]] }, field!],
    [{ ...valid, [field!]: 'a'.repeat(90_000) }, field!],
    [{ ...valid, roles: ['operator'] }, 'roles'],
  ] as const) {
    const answer = await send(body);
    expectProblem(answer, 400, 'validation-failed', { instance: path, fields: [named] });
    expect(answer.text.length).toBeLessThan(1_000);
  }
  expectProblem(await send(' '.repeat(100 * 1024 + 1)), 413, 'body-too-large', { instance: path });
  expectProblem(await send(text, { 'content-type': 'text/plain' }), 415, 'unsupported-media-type', { instance: path });
  for (const version of ['2', '*', '']) {
    const answer = await send(valid, { 'if-match': version });
    expectProblem(answer, 400, 'validation-failed', { fields: ['If-Match'], instance: path });
  }
});

it.each([
  ['get', '', undefined],
  ['get', '?version=1', undefined],
  ['get', '/history', undefined],
  ['put', '/email', { email: 'ann@example.org', currentPassword: 'x' }],
  ['put', '/password', { currentPassword: 'x', newPassword: 'correct horse' }],
  ['delete', '/sessions', undefined],
  ['put', '/username', { username: 'anna' }],
  ['put', '/roles/operator', undefined],
  ['delete', '/roles/operator', undefined],
  ['post', '/reversion', { toVersion: 1 }],
] as const)('an invalid user id is refused: %s /users/:userId%s', async (method, rest, body) => {
  for (const id of ['ann', `${NOBODY}0`]) {
    const answer = await expectNothingStored(here.app, () => here.operator.send(method, `/users/${id}${rest}`, body));
    expectProblem(answer, 400, 'validation-failed', { fields: ['userId'] });
  }
});

it.each([
  ['/users/me?version=1&at=2999-01-01T00:00:00Z', 'version'],
  ['/users/me?at=2026-02-30T12:00:00Z', 'at'],
  [`/users/${NOBODY}?verbose=1`, 'verbose'],
])('GET %s is refused', async (path, field) => {
  const instance = path.split('?')[0]!;
  expectProblem(await here.operator.get(path), 400, 'validation-failed', { fields: [field], instance });
});

it.each(['put', 'delete'] as const)('%s refuses an unknown role', async (method) => {
  const path = `${here.ann.path}/roles/root`;
  const answer = await expectNothingStored(here.app, () => here.operator.send(method, path));
  expectProblem(answer, 400, 'validation-failed', { fields: ['role'], instance: path });
});

it.each(['/users/me', '/users', '/events', `/users/${NOBODY}/history`, '/users/me?version=1'])(
  'GET %s refuses an invalid Leftfold-Min-Position',
  async (path) => {
    const answer = await here.operator.get(path, { 'leftfold-min-position': 'head' });
    expectProblem(answer, 400, 'validation-failed', { fields: ['Leftfold-Min-Position'] });
  },
);

it.each([
  ['get', '/nowhere?secret=1'],
  ['post', '/nowhere'],
  ['delete', '/users'],
  ['put', '/users/me'],
  ['get', '/sessions'],
  ['delete', '/sessions'],
  ['get', `/users/${NOBODY}/email`],
  ['post', `/users/${NOBODY}/roles/operator`],
  ['get', '/users/'],
  ['get', `/USERS/${NOBODY}`],
] as const)('%s %s: there is no such route', async (method, path) => {
  for (const by of [here.app.anyone, here.operator]) {
    const answer = await expectNothingStored(here.app, () => by.send(method, path));
    expectProblem(answer, 404, 'route-not-found', { instance: path.split('?')[0]! });
  }
});
