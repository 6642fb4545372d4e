import type { EventItem } from '../../src/platform/history/event-item.js';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import { NOBODY } from '../operations/operating.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, expectStatus, inPages, orderOf, PRICE, untilOrder } from './shop.js';

describe.each(DATABASE_KINDS)('an order’s past on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let bob: Person;
  let path: string;
  let correlationId: string;
  let events: EventItem[];
  /** What the order was at version 1, 2, ... */
  let states: OrderAnswer[];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    [ann, bob] = [await app.customer(), await app.customer()];
    await app.caughtUpWith(bob.signedIn);
    const sku = await addProduct(app, 10);
    const placed = await ann.post('/orders', { lines: [{ sku, quantity: 2 }] });
    const { orderId } = placed.body as { orderId: string };
    path = `/orders/${orderId}`;
    correlationId = String(placed.headers['x-correlation-id']);
    await untilOrder(ann, orderId, { status: 'awaiting-payment' });
    expectStatus(await operator.post(`${path}/cancellation`, { reason: 'by phone' }), 200);
    await untilOrder(ann, orderId, { status: 'cancelled' });
    events = (expectStatus(await ann.get(`${path}/history`), 200).body as { items: EventItem[] }).items;

    const { placedAt } = await orderOf(ann, orderId);
    const lines = [{ sku, quantity: 2, unitPrice: PRICE }];
    const total = { amount: 2 * PRICE.amount, currency: PRICE.currency };
    const first = { orderId, customerId: ann.userId, reason: null, lines, total, placedAt };
    states = [
      { ...first, status: 'placed', version: 1 },
      { ...first, status: 'placed', version: 2 },
      { ...first, status: 'awaiting-payment', version: 3 },
      { ...first, status: 'cancelled', reason: 'by phone', version: 4 },
    ];
  });

  afterAll(() => app.close());

  describe('its history', () => {
    it('tells what happened, oldest first, who did it, and in which request', () => {
      expect(events.map(({ version, type, actor }) => [version, type, actor])).toEqual([
        [1, 'orders.order-placed', ann.userId],
        [2, 'orders.line-reserved', 'saga:orders.fulfilment'],
        [3, 'orders.order-confirmed', 'saga:orders.fulfilment'],
        [4, 'orders.order-cancelled', operator.userId],
      ]);
      expect(events.slice(0, 3).map((each) => each.correlationId)).toEqual(Array(3).fill(correlationId));
      expect(events[3]!.correlationId).not.toBe(correlationId);
      expect(events.map(({ causationId }) => causationId === null)).toEqual([true, false, false, true]);
    });

    it('tells it as the log has it, also to operators', async () => {
      const logged = (await app.eventsAfter(0)).filter(
        ({ stream }) => `/${stream.replace('order-', 'orders/')}` === path,
      );

      expect(events).toEqual(logged);
      expect((await operator.get(`${path}/history`)).body).toEqual({ items: events, nextCursor: null });
    });

    it.each([1, 3, 4, 200])('comes in pages of up to %d', async (limit) => {
      expect(await inPages<EventItem>(ann, `${path}/history`, limit)).toEqual(events);
    });

    it.each([
      ['limit', 'limit=0'],
      ['limit', 'limit=201'],
      ['cursor', 'cursor=x'],
      ['cursor', `cursor=${Buffer.from(JSON.stringify(NOBODY)).toString('base64url')}`],
      ['after', 'after=1'],
    ])('refuses a bad %s: ?%s', async (field, query) => {
      expectProblem(await ann.get(`${path}/history?${query}`), 400, 'validation-failed', { fields: [field] });
    });
  });

  it('is found by version, by whose order it is and by operators', async () => {
    for (const [index, state] of states.entries()) {
      for (const by of [ann, operator]) {
        const answer = await by.get(`${path}?version=${index + 1}`, { 'if-none-match': '*' });
        expect({ status: answer.status, body: answer.body as unknown }).toEqual({ status: 200, body: state });
        expect(answer.headers.etag).toBeUndefined();
      }
    }
  });

  it('is found by time: an event counts from the moment of its recording', async () => {
    for (const { recordedAt } of events) {
      // What was appended together has one time.
      const last = events.findLast((each) => each.recordedAt === recordedAt)!;
      expect((await ann.get(`${path}?at=${recordedAt}`)).body).toEqual(states[last.version - 1]);
    }
    expect((await operator.get(`${path}?at=2999-01-01T00:00:00Z`)).body).toEqual(states.at(-1));
  });

  it.each(['version=0', 'version=5', 'version=9007199254740991', 'at=1970-01-01T00:00:00Z'])(
    'was never at %s',
    async (query) => {
      for (const by of [ann, operator]) {
        expectProblem(await by.get(`${path}?${query}`), 404, 'version-not-found', { instance: path });
      }
    },
  );

  it('does not exist for others', async () => {
    for (const past of [
      '/history',
      '?version=1',
      '?version=9',
      '?at=2999-01-01T00:00:00Z',
      '?at=1970-01-01T00:00:00Z',
    ]) {
      expectProblem(await bob.get(`${path}${past}`), 404, 'order-not-found');
      expectProblem(await app.anyone.get(`${path}${past}`), 401, 'not-signed-in');
      for (const by of [ann, operator]) expectProblem(await by.get(`/orders/${NOBODY}${past}`), 404, 'order-not-found');
    }
  });

  it.each([
    ['version', 'version=-1'],
    ['version', 'version=one'],
    ['version', 'version=1&at=2999-01-01T00:00:00Z'],
    ['at', 'at=yesterday'],
    ['until', 'until=2026-01-31T12:00:00Z'],
  ])('asks for a better %s than %s', async (field, query) => {
    expectProblem(await ann.get(`${path}?${query}`), 400, 'validation-failed', { fields: [field] });
  });
});
