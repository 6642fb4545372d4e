import { addProduct, expectStatus, place } from '../orders/shop.js';
import { expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { NOBODY } from './operating.js';

const cursorTo = (place: unknown): string => `cursor=${Buffer.from(JSON.stringify(place)).toString('base64url')}`;
const BAD_CURSORS = ['cursor=', 'cursor=x', `cursor=${NOBODY}`, `cursor=${'a'.repeat(3_000)}`];
const BAD_PLACES = ['after=-1', 'after=', 'after=first', 'after=1.5', 'after=9007199254740993', 'after=1&after=2'];

/** Requests that an operator sends to every list, beyond the rules that all lists share. */
const LISTS: [path: string, bad: string[]][] = [
  ['/users', [...BAD_CURSORS, cursorTo(7), 'after=1', 'email=a%00b', 'password=x']],
  ['/users/USER/history', [...BAD_CURSORS, cursorTo('7'), 'after=1']],
  ['/orders', [...BAD_CURSORS, cursorTo(7), cursorTo('7'), 'after=1', `customerId=${NOBODY}`]],
  ['/orders', ['status=lost', 'status=', 'status=paid&status=placed']],
  ['/orders/ID/history', [...BAD_CURSORS, cursorTo(NOBODY), 'after=1']],
  ['/products', [...BAD_CURSORS, cursorTo(7), cursorTo('a b'), 'after=1', 'name=x']],
  ['/products/SKU/history', [...BAD_CURSORS, cursorTo('B'), 'after=1']],
  ['/dead-letters', [...BAD_CURSORS, cursorTo('users.user-view'), 'after=1']],
  [
    '/schedules',
    [...BAD_CURSORS, cursorTo(7), cursorTo([1]), cursorTo([1e300, NOBODY]), cursorTo([1, 'x']), 'after=1'],
  ],
  ['/recurring', [...BAD_CURSORS, cursorTo(''), cursorTo(7), 'after=1']],
  ['/nodes', [...BAD_CURSORS, cursorTo(''), cursorTo(7), 'after=1', 'role=api']],
  ['/message-handlers', [...BAD_CURSORS, cursorTo(''), cursorTo(7), 'after=1', 'state=live']],
  ['/subscriptions', [...BAD_CURSORS, cursorTo(''), cursorTo(7), 'after=1', 'state=live']],
  ['/events', [...BAD_PLACES, 'cursor=1', 'stream=even-0']],
  ['/streams/order-ID', [...BAD_PLACES, 'cursor=1', 'type=orders.order-placed']],
];

describe('a list', () => {
  const here = useApp('sqlite');
  let sku: string;
  let orderId: string;

  beforeAll(async () => {
    sku = await addProduct(here.app, 1);
    orderId = await place(here.ann, { sku, quantity: 1 });
  });

  it.each(LISTS)('refuses bad parameters: %s', async (pattern, bad) => {
    const path = pattern.replace('ID', orderId).replace('SKU', sku).replace('USER', here.ann.userId);
    const { headers } = expectStatus(await here.operator.get(path, { 'if-none-match': '*' }), 200);
    expect(headers).not.toHaveProperty('etag');
    expect(headers['cache-control']).toBe('private, no-cache');

    for (const query of ['limit=0', 'limit=201', ...bad]) {
      const fields = [query.replace(/=.*/, '')];
      expectProblem(await here.operator.get(`${path}?${query}`), 400, 'validation-failed', { instance: path, fields });
    }
  });
});
