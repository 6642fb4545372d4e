import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import type { EventItem } from '../../src/platform/history/event-item.js';
import { NOBODY } from '../operations/operating.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { useApp } from '../support/use-app.js';
import { addProduct, confirmed, expectStatus, inPages, orderOf, PRICE, untilOrder, untilProduct } from './shop.js';

interface Past {
  readonly path: string;
  readonly stream: string;
  readonly events: EventItem[];
  /** What it was at version 1, 2, ... */
  readonly states: (OrderAnswer | ProductAnswer)[];
  readonly readers: Person[];
}

const SAGA = 'saga:orders.fulfilment';
const FUTURE = '2999-01-01T00:00:00Z';
const BEFORE_ALL = '1970-01-01T00:00:00Z';

describe.each(DATABASE_KINDS)('the past on %s', (kind) => {
  const here = useApp(kind);
  const pasts = {} as Record<'order' | 'product', Past>;
  let correlationId: string;

  beforeAll(async () => {
    const { app, operator, ann } = here;
    const sku = await addProduct(app, 1);
    expectStatus(await operator.post(`/products/${sku}/stock`, { quantity: 4 }), 200);
    const paid = await confirmed(ann, { sku, quantity: 3 });
    const placed = expectStatus(await ann.post('/orders', { lines: [{ sku, quantity: 2 }] }), 201);
    correlationId = String(placed.headers['x-correlation-id']);
    const { orderId } = placed.body as { orderId: string };
    await untilOrder(ann, orderId, { status: 'awaiting-payment' });
    expectStatus(await operator.post(`/orders/${paid}/payment`, { reference: 'pay-1' }), 200);
    await untilProduct(app, sku, { reserved: 2 });
    expectStatus(await operator.post(`/orders/${orderId}/cancellation`, { reason: 'by phone' }), 200);
    await untilProduct(app, sku, { reserved: 0 });
    await untilOrder(ann, orderId, { status: 'cancelled' });
    const eventsOf = async (path: string): Promise<EventItem[]> =>
      (expectStatus(await operator.get(`${path}/history`), 200).body as { items: EventItem[] }).items;

    const { placedAt } = await orderOf(ann, orderId);
    const lines = [{ sku, quantity: 2, unitPrice: PRICE }];
    const total = { amount: 2 * PRICE.amount, currency: PRICE.currency };
    const first = { orderId, customerId: ann.userId, reason: null, lines, total, placedAt };
    pasts.order = {
      path: `/orders/${orderId}`,
      stream: `order-${orderId}`,
      readers: [ann, operator],
      events: await eventsOf(`/orders/${orderId}`),
      states: [
        { ...first, status: 'placed', version: 1 },
        { ...first, status: 'placed', version: 2 },
        { ...first, status: 'awaiting-payment', version: 3 },
        { ...first, status: 'cancelled', reason: 'by phone', version: 4 },
      ],
    };
    const product = { sku, name: `Product ${sku}`, unitPrice: PRICE };
    pasts.product = {
      path: `/products/${sku}`,
      stream: `product-${sku}`,
      readers: [operator],
      events: await eventsOf(`/products/${sku}`),
      states: [
        { ...product, available: 1, reserved: 0, version: 1 },
        { ...product, available: 5, reserved: 0, version: 2 },
        { ...product, available: 2, reserved: 3, version: 3 },
        { ...product, available: 0, reserved: 5, version: 4 },
        { ...product, available: 0, reserved: 2, version: 5 },
        { ...product, available: 2, reserved: 0, version: 6 },
      ],
    };
  });

  describe.each(['order', 'product'] as const)('of one %s', (what) => {
    it.each([1, 3, 200])('is told in pages of up to %d, as the log has it', async (limit) => {
      const { path, stream, events, readers } = pasts[what];
      const logged = (await here.app.eventsAfter(0)).filter((event) => event.stream === stream);

      expect(events).toEqual(logged);
      for (const by of readers) expect(await inPages<EventItem>(by, `${path}/history`, limit)).toEqual(events);
    });

    it('is found by version', async () => {
      const { path, states, readers } = pasts[what];
      for (const [index, state] of states.entries()) {
        for (const by of readers) {
          const answer = await by.get(`${path}?version=${index + 1}`, { 'if-none-match': '*' });
          expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: state });
          expect(answer.headers.etag).toBeUndefined();
        }
      }
    });

    it('is found by time: an event counts from the moment of its recording', async () => {
      const { path, events, states, readers } = pasts[what];
      for (const by of readers) {
        for (const { recordedAt } of events) {
          // Several may have been recorded within the same millisecond.
          const last = events.findLast((each) => each.recordedAt === recordedAt)!;
          expect((await by.get(`${path}?at=${recordedAt}`)).body).toEqual(states[last.version - 1]);
        }
        expect((await by.get(`${path}?at=${FUTURE}`)).body).toEqual(states.at(-1));
      }
    });

    it('has no other moments', async () => {
      const { path, events, readers } = pasts[what];
      const never = [0, events.length + 1, Number.MAX_SAFE_INTEGER].map((version) => `version=${version}`);
      for (const query of [...never, `at=${BEFORE_ALL}`]) {
        for (const by of readers) {
          expectProblem(await by.get(`${path}?${query}`), 404, 'version-not-found', { instance: path });
        }
      }
    });

    it.each([
      ['version', 'version=-1'],
      ['version', 'version=one'],
      ['version', `version=1&at=${FUTURE}`],
      ['at', 'at=yesterday'],
      ['until', `until=${FUTURE}`],
    ])('refuses a bad %s: ?%s', async (field, query) => {
      const refused = await here.operator.get(`${pasts[what].path}?${query}`);
      expectProblem(refused, 400, 'validation-failed', { fields: [field] });
    });
  });

  it('tells what happened to an order, who did it, and in which request', () => {
    const { events } = pasts.order;
    expect(events.map(({ version, type, actor }) => [version, type, actor])).toEqual([
      [1, 'orders.order-placed', here.ann.userId],
      [2, 'orders.line-reserved', SAGA],
      [3, 'orders.order-confirmed', SAGA],
      [4, 'orders.order-cancelled', here.operator.userId],
    ]);
    expect(events.slice(0, 3).map((each) => each.correlationId)).toEqual(Array(3).fill(correlationId));
    expect(events[3]!.correlationId).not.toBe(correlationId);
    expect(events.map(({ causationId }) => causationId === null)).toEqual([true, false, false, true]);
  });

  it('tells what happened to a product, and who did it', () => {
    const { events } = pasts.product;
    expect(events.map(({ version, type, actor, data }) => [version, type, actor, data.quantity ?? data.stock])).toEqual(
      [
        [1, 'inventory.product-added', here.operator.userId, 1],
        [2, 'inventory.stock-added', here.operator.userId, 4],
        [3, 'inventory.stock-reserved', SAGA, 3],
        [4, 'inventory.stock-reserved', SAGA, 2],
        [5, 'inventory.stock-dispatched', SAGA, 3],
        [6, 'inventory.stock-released', SAGA, 2],
      ],
    );
  });

  it.each(['/history', '?version=1', '?version=9', `?at=${FUTURE}`, `?at=${BEFORE_ALL}`])(
    'is shown to nobody without a right to it: %s',
    async (past) => {
      const { order, product } = pasts;
      expectProblem(await here.bob.get(`${order.path}${past}`), 404, 'order-not-found');
      expectProblem(await here.ann.get(`${product.path}${past}`), 403, 'forbidden');
      for (const { path } of [order, product]) {
        expectProblem(await here.app.anyone.get(`${path}${past}`), 401, 'not-signed-in');
      }
      for (const by of order.readers) {
        expectProblem(await by.get(`/orders/${NOBODY}${past}`), 404, 'order-not-found');
      }
      for (const sku of ['nothing', '%00']) {
        expectProblem(await here.operator.get(`/products/${sku}${past}`), 404, 'product-not-found');
      }
    },
  );
});
