import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { NOBODY, USER_VIEW } from './operating.js';

type Method = 'get' | 'post' | 'put' | 'delete';
type Route = [method: Method, path: string];

const LATER = '2999-01-01T00:00:00Z';
const DEAD_LETTER: Route[] = [NOBODY, 'none'].flatMap((id): Route[] => [
  ['get', `/dead-letters/${id}`],
  ['post', `/dead-letters/${id}/retry`],
  ['delete', `/dead-letters/${id}`],
]);
const STEERING: Route[] = [USER_VIEW, 'users.user-views'].flatMap((name) =>
  ['pause', 'resume', 'rebuild'].map((action): Route => ['post', `/subscriptions/${name}/${action}`]),
);
const FOR_OPERATORS: Route[] = [
  ['get', '/users'],
  ['get', '/users?email=ann@example.com'],
  ['get', '/events'],
  ['get', '/events/live'],
  ['get', '/streams/user-1'],
  ['get', '/subscriptions'],
  ['get', `/subscriptions/${USER_VIEW}`],
  ['get', '/subscriptions/none'],
  ['get', '/gone-subscriptions'],
  ['post', '/gone-subscriptions/none/move'],
  ['delete', '/gone-subscriptions/none'],
  ['get', '/dead-letters'],
  ...DEAD_LETTER,
  ...STEERING,
  ['post', '/products'],
  ['post', '/products/MUG/stock'],
  ['get', '/products/MUG/history'],
  ['get', '/products/MUG?version=1'],
  ['get', '/products/MUG?version=x'],
  ['get', `/products/MUG?at=${LATER}`],
  ['post', `/orders/${NOBODY}/payment`],
];
const FOR_ANYONE_SIGNED_IN: Route[] = [
  ['get', '/orders'],
  ['post', '/orders'],
  ['get', `/orders/${NOBODY}`],
  ['get', `/orders/${NOBODY}/history`],
  ['get', `/orders/${NOBODY}?version=1`],
  ['get', `/orders/${NOBODY}?at=${LATER}`],
  ['post', `/orders/${NOBODY}/cancellation`],
  ['get', `/users/${NOBODY}/order-statistics`],
];
const NOT_THERE: Route[] = [
  ...(['post', 'put', 'delete'] as const).flatMap((method): Route[] => [
    [method, '/events'],
    [method, '/streams/user-1'],
  ]),
  ...STEERING.flatMap(([, path]): Route[] => [
    ['get', path],
    ['delete', path],
  ]),
];

describe('a route', () => {
  const here = useApp('sqlite');

  const instanceOf = (path: string): string => path.replace(/\?.*/, '');

  it.each(FOR_OPERATORS)('is for operators: %s %s', async (method, path) => {
    await expectNothingStored(here.app, async () => {
      const instance = instanceOf(path);
      expectProblem(await here.ann.send(method, path), 403, 'forbidden', { instance });
      expectProblem(await here.app.anyone.send(method, path), 401, 'not-signed-in', { instance });
    });
  });

  it.each(FOR_ANYONE_SIGNED_IN)('asks strangers to sign in: %s %s', async (method, path) => {
    const instance = instanceOf(path);
    const refused = await expectNothingStored(here.app, () => here.app.anyone.send(method, path));
    expectProblem(refused, 401, 'not-signed-in', { instance });
  });

  it.each(NOT_THERE)('is not there: %s %s', async (method, path) => {
    const refused = await expectNothingStored(here.app, () => here.operator.send(method, path));
    expectProblem(refused, 404, 'route-not-found', { instance: path });
  });
});
