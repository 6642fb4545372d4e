import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { NOBODY, USER_VIEW } from './operating.js';

type Method = 'get' | 'post' | 'put' | 'delete';
type Route = [what: string, method: Method, path: string];

const LATER = '2999-01-01T00:00:00Z';
const FOR_OPERATORS: Route[] = [
  ['a subscription that is not there', 'post', '/subscriptions/users.user-views/pause'],
  ['what is left of none, and no body', 'post', '/gone-subscriptions/none/move'],
  ['a dead letter that is not there', 'post', `/dead-letters/${NOBODY}/retry`],
  ['an id that is none', 'delete', '/dead-letters/none'],
  ['no body', 'post', '/products'],
  ['a product that is not there, and no body', 'post', '/products/MUG/stock'],
  ['a version that is none', 'get', '/products/MUG?version=x'],
  ['a moment to come', 'get', `/products/MUG?at=${LATER}`],
  ['an order that is not there', 'post', `/orders/${NOBODY}/payment`],
];
const FOR_ANYONE_SIGNED_IN: Route[] = [
  ['no body', 'post', '/orders'],
  ['an order that is not there', 'get', `/orders/${NOBODY}`],
  ['a moment to come', 'get', `/orders/${NOBODY}?at=${LATER}`],
];
const NOT_THERE: [method: Method, path: string][] = [
  ...(['post', 'put', 'delete'] as const).flatMap((method): [Method, string][] => [
    [method, '/events'],
    [method, '/streams/user-1'],
  ]),
  ['get', `/subscriptions/${USER_VIEW}/rebuild`],
];

// Who may do what, of every route, where there is what is asked for: test/authorisation.
describe('a route', () => {
  const here = useApp('sqlite');

  const instanceOf = (path: string): string => path.replace(/\?.*/, '');

  it.each(FOR_OPERATORS)('for operators tells nobody else what is wrong with %s: %s %s', async (_, method, path) => {
    await expectNothingStored(here.app, async () => {
      const instance = instanceOf(path);
      expectProblem(await here.ann.send(method, path), 403, 'forbidden', { instance });
      expectProblem(await here.app.anyone.send(method, path), 401, 'not-signed-in', { instance });
    });
  });

  it.each(FOR_ANYONE_SIGNED_IN)(
    'tells strangers to sign in, whatever is wrong with %s: %s %s',
    async (_, method, path) => {
      const instance = instanceOf(path);
      const refused = await expectNothingStored(here.app, () => here.app.anyone.send(method, path));
      expectProblem(refused, 401, 'not-signed-in', { instance });
    },
  );

  it.each(NOT_THERE)('is not there, also for operators: %s %s', async (method, path) => {
    const refused = await expectNothingStored(here.app, () => here.operator.send(method, path));
    expectProblem(refused, 404, 'route-not-found', { instance: path });
  });
});
