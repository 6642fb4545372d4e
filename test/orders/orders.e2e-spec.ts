import { randomUUID } from 'node:crypto';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import type { EventItem } from '../../src/platform/history/event-item.js';
import { pauseWholly } from '../operations/operating.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectNothingStored, expectProblem, UUID_V7 } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { aSku, addProduct, confirmed, expectStatus, orderOf, place, PRICE, quiet, untilOrder } from './shop.js';

describe.each(DATABASE_KINDS)('orders on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let bob: Person;
  let sku: string;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    [ann, bob] = [await app.customer(), await app.customer()];
    await app.caughtUpWith(bob.signedIn);
    sku = await addProduct(app, 1_000);
  });

  beforeEach(() => quiet(app));

  afterAll(() => app.close());

  const pay = (orderId: string, reference = 'pay-1', who = operator, headers = {}) =>
    who.post(`/orders/${orderId}/payment`, { reference }, headers);
  const cancel = (orderId: string, who: Person = ann, headers = {}) =>
    who.post(`/orders/${orderId}/cancellation`, { reason: 'changed my mind' }, headers);

  describe('placing one', () => {
    it('answers its id and its place, and a repeat answers the same', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const placed = await ann.post('/orders', { lines: [{ sku, quantity: 1 }] }, key);
      const { orderId } = placed.body as { orderId: string };

      expect(orderId).toMatch(UUID_V7);
      expect(expectDone(placed, 201, { orderId }).version).toBe(1);
      const seen = await ann.get(`/orders/${orderId}`, since(placed));
      expect(seen.body).toMatchObject({ orderId, customerId: ann.userId, total: PRICE });
      const again = await ann.post('/orders', { lines: [{ sku, quantity: 1 }] }, key);
      expect(again).toMatchObject({ status: 201, body: { orderId } });
      expect(again.headers).toMatchObject({
        'idempotent-replayed': 'true',
        'leftfold-position': placed.headers['leftfold-position'],
      });
    });

    it('knows a product that was just added, for who waits for it', async () => {
      const product = { sku: aSku(), name: 'New', unitPrice: PRICE, stock: 1 };
      const added = await operator.post('/products', product);
      const placed = await ann.post('/orders', { lines: [{ sku: product.sku, quantity: 1 }] }, since(added));

      expect(placed.status).toBe(201);
    });

    it('is refused for what can’t be ordered', async () => {
      const dollars = await addProduct(app, 1, { amount: 1, currency: 'USD' });

      await expectNothingStored(app, async () => {
        const unknown = await ann.post('/orders', { lines: [{ sku: 'NOTHING', quantity: 1 }] });
        expectProblem(unknown, 422, 'unknown-product', { instance: '/orders' });
        const lines = [
          { sku, quantity: 1 },
          { sku: dollars, quantity: 1 },
        ];
        expectProblem(await ann.post('/orders', { lines }), 422, 'mixed-currencies');
      });
    });

    it('is for those who have signed in', async () => {
      expectProblem(await app.anyone.post('/orders', { lines: [{ sku, quantity: 1 }] }), 401, 'not-signed-in');
    });

    it.each<[string, () => object]>([
      ['lines', () => ({})],
      ['lines', () => ({ lines: [] })],
      ['lines', () => ({ lines: Array.from({ length: 51 }, () => ({ sku, quantity: 1 })) })],
      ['lines[0].quantity', () => ({ lines: [{ sku, quantity: 0 }] })],
      ['lines[0].quantity', () => ({ lines: [{ sku, quantity: 10_001 }] })],
      ['lines[0].quantity', () => ({ lines: [{ sku, quantity: 1.5 }] })],
      ['lines[0].sku', () => ({ lines: [{ sku: 'a b', quantity: 1 }] })],
      ['lines[0].price', () => ({ lines: [{ sku, quantity: 1, price: 0 }] })],
      ['customerId', () => ({ lines: [{ sku, quantity: 1 }], customerId: bob.userId })],
    ])('refuses a bad %s', async (field, body) => {
      const refused = await expectNothingStored(app, () => ann.post('/orders', body()));

      expectProblem(refused, 400, 'validation-failed', { fields: [field] });
    });
  });

  describe('paying for one', () => {
    it('is done once, under one reference', async () => {
      const orderId = await confirmed(ann, { sku, quantity: 1 });

      const paid = await pay(orderId);
      expect(expectDone(paid, 200, { orderId }).version).toBe(4);
      await untilOrder(ann, orderId, { status: 'paid' });
      expect(expectDone(await pay(orderId), 200, { orderId }).version).toBe(4);
      expectProblem(await pay(orderId, 'pay-2'), 409, 'payment-reference-differs');
      expectProblem(await cancel(orderId), 409, 'order-already-paid');
    });

    it('is for operators alone, and for an order that there is', async () => {
      const orderId = await confirmed(ann, { sku, quantity: 1 });

      await expectNothingStored(app, async () => {
        expectProblem(await pay(orderId, 'pay-1', ann), 403, 'forbidden');
        expectProblem(await app.anyone.post(`/orders/${orderId}/payment`, { reference: 'x' }), 401, 'not-signed-in');
        expectProblem(await pay(randomUUID()), 404, 'order-not-found');
        expectProblem(await pay('x'), 400, 'validation-failed', { fields: ['orderId'] });
        expectProblem(await pay(orderId, ' '), 400, 'validation-failed', { fields: ['reference'] });
        expectProblem(await pay(orderId, 'x'.repeat(201)), 400, 'validation-failed', { fields: ['reference'] });
        expectProblem(await pay(orderId, 'x', operator, { 'if-match': '"1"' }), 412, 'version-conflict');
      });
    });

    it('is refused once the order was cancelled or rejected', async () => {
      const cancelled = await confirmed(ann, { sku, quantity: 1 });
      expectStatus(await cancel(cancelled), 200);
      const rejected = await place(ann, { sku, quantity: 10_000 });
      await untilOrder(ann, rejected, { status: 'rejected' });

      expectProblem(await pay(cancelled), 409, 'order-cancelled');
      expectProblem(await pay(rejected), 409, 'order-rejected');
      expectProblem(await cancel(rejected), 409, 'order-rejected');
    });
  });

  describe('cancelling one', () => {
    it('is done once, by whose order it is, or by an operator', async () => {
      const [own, others] = [await confirmed(ann, { sku, quantity: 1 }), await confirmed(ann, { sku, quantity: 1 })];

      const cancelled = await cancel(own);
      expect(expectDone(cancelled, 200, { orderId: own }).version).toBe(4);
      expect(expectDone(await cancel(own), 200, { orderId: own }).version).toBe(4);
      expect(await cancel(others, operator)).toMatchObject({ status: 200 });
    });

    it('is nobody else’s', async () => {
      const orderId = await confirmed(ann, { sku, quantity: 1 });

      await expectNothingStored(app, async () => {
        expectProblem(await cancel(orderId, bob), 404, 'order-not-found');
        expectProblem(await app.anyone.post(`/orders/${orderId}/cancellation`, { reason: 'x' }), 401, 'not-signed-in');
        expectProblem(await cancel(randomUUID()), 404, 'order-not-found');
        const empty = await ann.post(`/orders/${orderId}/cancellation`, {});
        expectProblem(empty, 400, 'validation-failed', { fields: ['reason'] });
        expectProblem(await cancel(orderId, ann, { 'if-match': '"9"' }), 412, 'version-conflict');
      });
    });
  });

  describe('looking them up', () => {
    it('shows customers their own, and operators all', async () => {
      const orderId = await confirmed(ann, { sku, quantity: 2 });
      const { version } = await orderOf(ann, orderId);

      const mine = await ann.get(`/orders/${orderId}`);
      expect(mine.headers.etag).toBe(`"${version}"`);
      expect((await ann.get(`/orders/${orderId}`, { 'if-none-match': `"${version}"` })).status).toBe(304);
      expect(await orderOf(operator, orderId)).toEqual(mine.body);
      for (const path of ['', '/history', '?version=1', '?at=2999-01-01T00:00:00Z']) {
        expectProblem(await bob.get(`/orders/${orderId}${path}`), 404, 'order-not-found');
        expectProblem(await app.anyone.get(`/orders/${orderId}${path}`), 401, 'not-signed-in');
        expectProblem(await ann.get(`/orders/${randomUUID()}${path}`), 404, 'order-not-found');
      }
    });

    it('lists them page by page, and by status', async () => {
      const carl = await app.customer();
      const own: string[] = [];
      for (let count = 0; count < 5; count++) own.push(await confirmed(carl, { sku, quantity: 1 }));
      expectStatus(await cancel(own[2]!, carl), 200);
      await untilOrder(carl, own[2]!, { status: 'cancelled' });

      const seen: string[] = [];
      let cursor: string | null = '';
      do {
        const page = await carl.get(`/orders?limit=2${cursor && `&cursor=${cursor}`}`);
        const { items, nextCursor } = expectStatus(page, 200).body as {
          items: OrderAnswer[];
          nextCursor: string | null;
        };
        seen.push(...items.map(({ orderId }) => orderId));
        cursor = nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(own);

      const idsOf = async (who: Person, status: string): Promise<string[]> => {
        const { items } = (await who.get(`/orders?limit=200&status=${status}`)).body as { items: OrderAnswer[] };
        return items.map(({ orderId }) => orderId);
      };
      expect(await idsOf(carl, 'cancelled')).toEqual([own[2]]);
      expect(await idsOf(operator, 'cancelled')).toEqual(expect.arrayContaining([own[2]]));
      expect((await idsOf(operator, 'cancelled')).length).toBeGreaterThan(1);
      expectProblem(await carl.get('/orders?status=lost'), 400, 'validation-failed', { fields: ['status'] });
      expectProblem(await app.anyone.get('/orders'), 401, 'not-signed-in');
    });

    it('shows their history, and what they were', async () => {
      const orderId = await confirmed(ann, { sku, quantity: 1 });
      const { items } = expectStatus(await ann.get(`/orders/${orderId}/history`), 200).body as { items: EventItem[] };

      expect(items.map(({ version, type, actor }) => [version, type, actor])).toEqual([
        [1, 'orders.order-placed', ann.userId],
        [2, 'orders.line-reserved', 'saga:orders.fulfilment'],
        [3, 'orders.order-confirmed', 'saga:orders.fulfilment'],
      ]);
      expect(new Set(items.map(({ correlationId }) => correlationId)).size).toBe(1);
      expect(items[1]!.causationId).not.toBeNull();
      const past = expectStatus(await ann.get(`/orders/${orderId}?version=1`), 200);
      expect(past.body).toMatchObject({ status: 'placed', version: 1 });
      const now = expectStatus(await operator.get(`/orders/${orderId}?at=${items[2]!.recordedAt}`), 200);
      expect(now.body).toMatchObject({ status: 'awaiting-payment', version: 3 });
      expectProblem(await ann.get(`/orders/${orderId}?version=9`), 404, 'version-not-found');
      expectProblem(await ann.get(`/orders/${orderId}?at=2020-01-01T00:00:00Z`), 404, 'version-not-found');
    });
  });

  it('are not paid while their stock is still being reserved', async () => {
    await pauseWholly(operator, 'orders.fulfilment');
    const orderId = await place(ann, { sku, quantity: 1 });

    expectProblem(await pay(orderId), 409, 'order-not-awaiting-payment');

    expectStatus(await operator.post('/subscriptions/orders.fulfilment/resume'), 202);
    await untilOrder(ann, orderId, { status: 'awaiting-payment' });
    expect(await pay(orderId)).toMatchObject({ status: 200 });
  });
});
