import { someKey } from '../idempotency/keys.js';
import { type Body, type Headers, since } from '../support/client.js';
import { expectDone, expectProblem, ISO_TIME, placeOf, UUID_V7 } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { aSku, addProduct, confirmed, expectEventOf, expectNothingHappens, PRICE, untilProduct } from './shop.js';

describe('POST /orders', () => {
  const here = useApp('sqlite');
  let sku: string;

  beforeAll(async () => {
    sku = await addProduct(here.app, 1_000_000);
  });

  const aLine = (change: object = {}) => ({ sku, quantity: 1, ...change });
  const order = (body: Body, headers?: Headers, by = here.ann) => by.post('/orders', body, headers);

  it('places an order, at the current price', async () => {
    const placed = await order({ lines: [aLine({ quantity: 3 })] });

    const { orderId } = placed.body as { orderId: string };
    expect(expectDone(placed, 201, { orderId: expect.stringMatching(UUID_V7) }).version).toBe(1);
    const lines = [{ sku, quantity: 3, unitPrice: PRICE }];
    const total = { amount: 3 * PRICE.amount, currency: PRICE.currency };
    const placedOrder = {
      orderId,
      customerId: here.ann.userId,
      lines,
      total,
      placedAt: expect.stringMatching(ISO_TIME),
    };
    await expectEventOf(here.app, placed, {
      actor: here.ann.userId,
      stream: `order-${orderId}`,
      type: 'orders.order-placed',
      data: placedOrder,
    });
    expect((await here.ann.get(`/orders/${orderId}`, since(placed))).body).toEqual({
      ...placedOrder,
      status: expect.stringMatching(/^(placed|awaiting-payment)$/),
      reason: null,
      version: expect.any(Number),
    });
  });

  it('reserves each line, also two lines of one product', async () => {
    const scarce = await addProduct(here.app, 5);

    const orderId = await confirmed(here.ann, { sku: scarce, quantity: 2 }, { sku: scarce, quantity: 3 });

    await untilProduct(here.app, scarce, { available: 0, reserved: 5 });
    expect((await here.ann.get(`/orders/${orderId}`)).body).toMatchObject({
      lines: [{ quantity: 2 }, { quantity: 3 }],
      total: { amount: 5 * PRICE.amount },
      version: 4,
    });
  });

  it('a repeat with its key gets the first answer; without a key another order is placed', async () => {
    const key = someKey();
    const placed = await order({ lines: [aLine()] }, key);

    await expectNothingHappens(here.app, async () => {
      const again = await order({ lines: [aLine()] }, key);
      expect(expectDone(again, 201, placed.body)).toEqual(placeOf(placed));
      expect(again.headers['idempotent-replayed']).toBe('true');
      expectProblem(await order({ lines: [aLine({ quantity: 2 })] }, key), 422, 'idempotency-key-reused');
    });
    const other = await order({ lines: [aLine()] });
    expectDone(other, 201, other.body);
    expect(other.body).not.toEqual(placed.body);
  });

  it('accepts a product that was just added, for a client that waits for its position', async () => {
    for (let round = 0; round < 5; round++) {
      const product = { sku: aSku(), name: 'New', unitPrice: PRICE, stock: 1 };
      const added = await here.operator.post('/products', product);

      expect(await order({ lines: [{ sku: product.sku, quantity: 1 }] }, since(added))).toMatchObject({ status: 201 });
    }
  });

  it('refuses an unknown product, and prices in several currencies', async () => {
    const dollars = await addProduct(here.app, 1, { amount: 1, currency: 'USD' });

    await expectNothingHappens(here.app, async () => {
      for (const lines of [[aLine({ sku: 'NOTHING' })], [aLine(), aLine({ sku: sku.toLowerCase() })]]) {
        expectProblem(await order({ lines }), 422, 'unknown-product', {
          instance: '/orders',
          detail: new RegExp(lines.at(-1)!.sku),
        });
      }
      const mixed = await order({ lines: [aLine(), aLine({ sku: dollars })] });
      expectProblem(mixed, 422, 'mixed-currencies', { instance: '/orders', detail: /EUR and USD/ });
    });
  });

  it('refuses If-Match, because there is no version yet', async () => {
    await expectNothingHappens(here.app, async () => {
      const refused = await order({ lines: [aLine()] }, { 'if-match': '"1"' });
      expectProblem(refused, 412, 'version-conflict', { detail: /\bactual version is 0\b/ });
    });
  });

  it('is for customers', async () => {
    const account = await here.app.newOperator();
    await here.operator.delete(`${account.path}/roles/customer`);
    const clerk = await here.app.signIn(account);

    await expectNothingHappens(here.app, async () => {
      expectProblem(await order({ lines: [aLine()] }, {}, clerk), 403, 'forbidden', { instance: '/orders' });
    });
  });

  it('accepts 50 lines of 10,000 pieces', async () => {
    const placed = await order({ lines: Array.from({ length: 50 }, () => aLine({ quantity: 10_000 })) });

    expectDone(placed, 201, { orderId: expect.any(String) });
  });

  it('refuses bad fields', async () => {
    const cases: [field: string, ...bodies: object[]][] = [
      ['lines', {}, ...[[], aLine(), null, Array.from({ length: 51 }, () => aLine())].map((lines) => ({ lines }))],
      ['lines[1].quantity', { lines: [aLine(), aLine({ quantity: undefined })] }],
      ['lines[0].quantity', ...[0, -1, 10_001, 1.5, '1', null].map((quantity) => ({ lines: [aLine({ quantity })] }))],
      [
        'lines[0].sku',
        ...[undefined, '', 'a b', '-', 'x'.repeat(65), 7, null].map((bad) => ({ lines: [aLine({ sku: bad })] })),
      ],
      ['lines[0].unitPrice', { lines: [aLine({ unitPrice: { amount: 1, currency: 'EUR' } })] }],
      ['customerId', { lines: [aLine()], customerId: here.operator.userId }],
    ];

    await expectNothingHappens(here.app, async () => {
      for (const [field, ...bodies] of cases) {
        for (const body of bodies) {
          expectProblem(await order(body), 400, 'validation-failed', { fields: [field], instance: '/orders' });
        }
      }
      for (const line of ['SKU', 7, null, [], [aLine()]]) {
        expectProblem(await order({ lines: [aLine(), line] }), 400, 'validation-failed');
      }
      expectProblem(await order('{'), 400, 'malformed-json');
    });
  });
});
