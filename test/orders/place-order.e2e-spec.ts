import { someKey } from '../idempotency/keys.js';
import { type Body, type Headers, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectProblem, ISO_TIME, placeOf, UUID_V7 } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { aSku, addProduct, confirmed, expectEventOf, expectNothingHappens, PRICE, untilProduct } from './shop.js';

describe.each(DATABASE_KINDS)('POST /orders on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let sku: string;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
    sku = await addProduct(app, 1_000_000);
  });

  afterAll(() => app.close());

  const aLine = (change: object = {}) => ({ sku, quantity: 1, ...change });
  const order = (body: Body, headers?: Headers, by = ann) => by.post('/orders', body, headers);

  it('places an order, at the price of the moment', async () => {
    const placed = await order({ lines: [aLine({ quantity: 3 })] });

    const { orderId } = placed.body as { orderId: string };
    expect(expectDone(placed, 201, { orderId: expect.stringMatching(UUID_V7) }).version).toBe(1);
    const lines = [{ sku, quantity: 3, unitPrice: PRICE }];
    const total = { amount: 3 * PRICE.amount, currency: PRICE.currency };
    await expectEventOf(app, placed, {
      actor: ann.userId,
      stream: `order-${orderId}`,
      type: 'orders.order-placed',
      data: { orderId, customerId: ann.userId, lines, total, placedAt: expect.stringMatching(ISO_TIME) },
    });
    expect((await ann.get(`/orders/${orderId}`, since(placed))).body).toEqual({
      orderId,
      customerId: ann.userId,
      status: expect.stringMatching(/^(placed|awaiting-payment)$/),
      reason: null,
      lines,
      total,
      placedAt: expect.stringMatching(ISO_TIME),
      version: expect.any(Number),
    });
  });

  it('reserves for each line, also when two are of one product', async () => {
    const scarce = await addProduct(app, 5);

    const orderId = await confirmed(ann, { sku: scarce, quantity: 2 }, { sku: scarce, quantity: 3 });

    await untilProduct(app, scarce, { available: 0, reserved: 5 });
    expect((await ann.get(`/orders/${orderId}`)).body).toMatchObject({
      lines: [{ quantity: 2 }, { quantity: 3 }],
      total: { amount: 5 * PRICE.amount },
      version: 4,
    });
  });

  it('answers a repeat with its key as the first time, and places nothing', async () => {
    const key = someKey();
    const placed = await order({ lines: [aLine()] }, key);

    await expectNothingHappens(app, async () => {
      const again = await order({ lines: [aLine()] }, key);
      expect(expectDone(again, 201, placed.body as object)).toEqual(placeOf(placed));
      expect(again.headers['idempotent-replayed']).toBe('true');
      expectProblem(await order({ lines: [aLine({ quantity: 2 })] }, key), 422, 'idempotency-key-reused');
    });
  });

  it('places another one without a key', async () => {
    const [one, other] = [await order({ lines: [aLine()] }), await order({ lines: [aLine()] })];

    expect(one.body).not.toEqual(other.body);
  });

  it('knows a product that was just added, for who waits for it', async () => {
    for (let round = 0; round < 5; round++) {
      const product = { sku: aSku(), name: 'New', unitPrice: PRICE, stock: 1 };
      const added = await operator.post('/products', product);

      expect(await order({ lines: [{ sku: product.sku, quantity: 1 }] }, since(added))).toMatchObject({ status: 201 });
    }
  });

  it('refuses a product that there is not', async () => {
    await expectNothingHappens(app, async () => {
      for (const lines of [[aLine({ sku: 'NOTHING' })], [aLine(), aLine({ sku: sku.toLowerCase() })]]) {
        expectProblem(await order({ lines }), 422, 'unknown-product', {
          instance: '/orders',
          detail: new RegExp(lines.at(-1)!.sku),
        });
      }
    });
  });

  it('refuses prices in several currencies', async () => {
    const dollars = await addProduct(app, 1, { amount: 1, currency: 'USD' });

    await expectNothingHappens(app, async () => {
      const refused = await order({ lines: [aLine(), aLine({ sku: dollars })] });
      expectProblem(refused, 422, 'mixed-currencies', { instance: '/orders', detail: /EUR and USD/ });
    });
  });

  it('refuses If-Match, because there is no version yet', async () => {
    await expectNothingHappens(app, async () => {
      const refused = await order({ lines: [aLine()] }, { 'if-match': '"1"' });
      expectProblem(refused, 412, 'version-conflict', { detail: /\bactual version is 0\b/ });
    });
  });

  it('is for customers, and for those who have signed in', async () => {
    const clerk = await app.newOperator();
    await app.caughtUpWith(await operator.delete(`${clerk.path}/roles/customer`));

    await expectNothingHappens(app, async () => {
      expectProblem(await order({ lines: [aLine()] }, {}, clerk), 403, 'forbidden', { instance: '/orders' });
      expectProblem(await app.anyone.post('/orders', { lines: [aLine()] }), 401, 'not-signed-in');
    });
  });

  it('takes as much as it says', async () => {
    const most = Array.from({ length: 50 }, () => aLine({ quantity: 10_000 }));

    const placed = await order({ lines: most });

    expectDone(placed, 201, { orderId: expect.any(String) });
  });

  it('refuses what is no order', async () => {
    const fewer = (field: string) => ({ ...aLine(), [field]: undefined });
    const cases: [field: string, body: object][] = [
      ['lines', {}],
      ['lines', { lines: [] }],
      ['lines', { lines: aLine() }],
      ['lines', { lines: null }],
      ['lines', { lines: Array.from({ length: 51 }, () => aLine()) }],
      ['lines[1].quantity', { lines: [aLine(), fewer('quantity')] }],
      ['lines[0].sku', { lines: [fewer('sku')] }],
      ...[0, -1, 10_001, 1.5, '1', null].map((quantity): [string, object] => [
        'lines[0].quantity',
        { lines: [aLine({ quantity })] },
      ]),
      ...['', 'a b', '-', 'x'.repeat(65), 7, null].map((bad): [string, object] => [
        'lines[0].sku',
        { lines: [aLine({ sku: bad })] },
      ]),
      ['lines[0].unitPrice', { lines: [aLine({ unitPrice: { amount: 1, currency: 'EUR' } })] }],
      ['customerId', { lines: [aLine()], customerId: operator.userId }],
    ];

    await expectNothingHappens(app, async () => {
      for (const [field, body] of cases) {
        expectProblem(await order(body), 400, 'validation-failed', { fields: [field], instance: '/orders' });
      }
      for (const line of ['SKU', 7, null, [], [aLine()]]) {
        expectProblem(await order({ lines: [aLine(), line] }), 400, 'validation-failed');
      }
      expectProblem(await order('{'), 400, 'malformed-json');
    });
  });
});
