import { someKey } from '../idempotency/keys.js';
import { expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { addProduct, expectNothingHappens } from './shop.js';

describe('the limit on orders', () => {
  const here = useApp('sqlite', { ORDER_LINES_PER_MINUTE: '50' });

  it('counts lines for each customer, and answers repeats of placed orders', async () => {
    const { app, ann, bob } = here;
    const sku = await addProduct(app, 100);
    const order = (lines: number) => ({ lines: Array.from({ length: lines }, () => ({ sku, quantity: 1 })) });
    const key = someKey();
    const placed = await ann.post('/orders', order(49), key);
    expect(placed.status).toBe(201);

    // At once, because the limit recovers with time. The saga still reserves the 49 lines.
    const refused = await expectNothingHappens(app, () => ann.post('/orders', order(30)));
    expectProblem(refused, 429, 'too-many-requests', { instance: '/orders' });
    // 29 lines are available again after 34.8 s.
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(20);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(35);

    expect((await ann.post('/orders', order(1))).status).toBe(201);
    expect((await ann.post('/orders', order(49), key)).body).toEqual(placed.body);
    expect((await bob.post('/orders', order(50))).status).toBe(201);
  });
});
