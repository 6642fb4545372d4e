import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { NOBODY, USER_VIEW } from './operating.js';

type Method = 'get' | 'post' | 'put' | 'delete';
type Route = [what: string, method: Method, path: string];

const LATER = '2999-01-01T00:00:00Z';
const FOR_OPERATORS: Route[] = [
  ['an unknown subscription', 'post', '/subscriptions/users.user-views/pause'],
  ['an unknown gone subscription, without a body', 'post', '/gone-subscriptions/none/move'],
  ['an unknown dead letter', 'post', `/dead-letters/${NOBODY}/retry`],
  ['an invalid id', 'delete', '/dead-letters/none'],
  ['no body', 'post', '/products'],
  ['an unknown product, without a body', 'post', '/products/MUG/stock'],
  ['an invalid version', 'get', '/products/MUG?version=x'],
  ['a future time', 'get', `/products/MUG?at=${LATER}`],
  ['an unknown order', 'post', `/orders/${NOBODY}/payment`],
];
const FOR_ANYONE_SIGNED_IN: Route[] = [
  ['no body', 'post', '/orders'],
  ['an unknown order', 'get', `/orders/${NOBODY}`],
  ['a future time', 'get', `/orders/${NOBODY}?at=${LATER}`],
];
const NOT_THERE: [method: Method, path: string][] = [
  ...(['post', 'put', 'delete'] as const).flatMap((method): [Method, string][] => [
    [method, '/events'],
    [method, '/streams/user-1'],
  ]),
  ['get', `/subscriptions/${USER_VIEW}/rebuild`],
];

// test/authorisation tests who may use every route on existing resources.
describe('a route', () => {
  const here = useApp('sqlite');

  const instanceOf = (path: string): string => path.replace(/\?.*/, '');

  it.each(FOR_OPERATORS)('for operators reveals no other error to customers: %s: %s %s', async (_, method, path) => {
    await expectNothingStored(here.app, async () => {
      const instance = instanceOf(path);
      expectProblem(await here.ann.send(method, path), 403, 'forbidden', { instance });
      expectProblem(await here.app.anyone.send(method, path), 401, 'not-signed-in', { instance });
    });
  });

  it.each(FOR_ANYONE_SIGNED_IN)(
    'asks callers without a token to sign in before any other error: %s: %s %s',
    async (_, method, path) => {
      const instance = instanceOf(path);
      const refused = await expectNothingStored(here.app, () => here.app.anyone.send(method, path));
      expectProblem(refused, 401, 'not-signed-in', { instance });
    },
  );

  it.each(NOT_THERE)('is not found, also for operators: %s %s', async (method, path) => {
    const refused = await expectNothingStored(here.app, () => here.operator.send(method, path));
    expectProblem(refused, 404, 'route-not-found', { instance: path });
  });

  it('refuses the fields of a body that it does not take', async () => {
    const { paths } = (await here.app.anyone.get('/docs-json')).body as { paths: Record<string, object> };
    const withoutBody = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method, operation]) => method !== 'get' && !('requestBody' in (operation as object)))
        .map(([method]): [Method, string] => [method as Method, path.replaceAll(/\{\w+\}/g, NOBODY)]),
    );
    expect(withoutBody).toContainEqual(['post', `/subscriptions/${NOBODY}/rebuild`]);
    await expectNothingStored(here.app, async () => {
      for (const [method, path] of withoutBody) {
        const refused = await here.operator.send(method, path, { until: LATER });
        expectProblem(refused, 400, 'validation-failed', { instance: path, fields: ['until'] });
      }
    });
  });
});
