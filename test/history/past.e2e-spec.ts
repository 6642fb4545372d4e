import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import type { UserAnswer } from '../../src/users/user.answer.js';
import { addProduct, confirmed, expectStatus, orderOf, PRICE, untilOrder, untilProduct } from '../orders/shop.js';
import type { Answer } from '../support/client.js';
import { expectProblem, ISO_TIME, placeOf } from '../support/expectations.js';
import { inPages } from '../support/in-pages.js';
import { NOBODY, type Person, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

interface Past {
  readonly path: string;
  readonly stream: string;
  readonly events: EventItem[];
  /** The state at version 1, 2, ... */
  readonly states: (OrderAnswer | ProductAnswer | UserAnswer)[];
  /** The callers who may read it, and its path. */
  readonly readers: (readonly [by: Person, at: string])[];
}

const SAGA = 'saga:orders.fulfilment';
const FUTURE = '2999-01-01T00:00:00Z';
const BEFORE_ALL = '1970-01-01T00:00:00Z';
const KINDS = ['order', 'product', 'user'] as const;

describe('the past', () => {
  const here = useApp('sqlite');
  const pasts = {} as Record<(typeof KINDS)[number], Past>;
  const renamed = someNames();
  /** Ann's first names. */
  let registered: { username: string; email: string };
  let correlationId: string;

  beforeAll(async () => {
    const { app, operator, ann: before } = here;
    let ann = before;
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

    const change = async (answer: Promise<Answer>): Promise<unknown> =>
      app.caughtUpWith(expectStatus(await answer, 200));
    await change(ann.put(`${ann.path}/email`, { email: renamed.email, currentPassword: ann.password }));
    await change(ann.put(`${ann.path}/username`, { username: renamed.username }));
    await change(operator.put(`${ann.path}/roles/operator`));
    await change(operator.delete(`${ann.path}/roles/operator`));
    // A change of roles ends sessions.
    ann = await app.signIn({ ...renamed, password: before.password });
    Object.assign(here, { ann });
    await app.caughtUpWith(ann.signedIn);
    const user = await eventsOf(ann.path);
    const { userId, username, email } = before;
    registered = { username, email };
    const loginTime = user[1]!.data.loginTime as string;
    const first = { userId, username, email, roles: ['customer'] as const, registeredAt: user[0]!.recordedAt };
    const signedIn = { ...first, lastLoginTime: loginTime };
    const asNow = { ...signedIn, username: renamed.username, email: renamed.email };
    pasts.user = {
      path: ann.path,
      stream: `user-${userId}`,
      readers: [
        [ann, '/users/me'],
        [ann, ann.path],
        [operator, ann.path],
      ],
      events: user,
      states: [
        { ...first, lastLoginTime: null, version: 1 },
        { ...signedIn, version: 2 },
        { ...signedIn, email: renamed.email, version: 3 },
        { ...asNow, version: 4 },
        { ...asNow, roles: ['customer', 'operator'], version: 5 },
        { ...asNow, version: 6 },
        { ...asNow, lastLoginTime: user[6]!.data.loginTime as string, version: 7 },
      ],
    };

    const { placedAt } = await orderOf(ann, orderId);
    const lines = [{ sku, quantity: 2, unitPrice: PRICE }];
    const total = { amount: 2 * PRICE.amount, currency: PRICE.currency };
    const order = { orderId, customerId: ann.userId, reason: null, lines, total, placedAt };
    pasts.order = {
      path: `/orders/${orderId}`,
      stream: `order-${orderId}`,
      readers: [ann, operator].map((by) => [by, `/orders/${orderId}`]),
      events: await eventsOf(`/orders/${orderId}`),
      states: [
        { ...order, status: 'placed', version: 1 },
        { ...order, status: 'placed', version: 2 },
        { ...order, status: 'awaiting-payment', version: 3 },
        { ...order, status: 'cancelled', reason: 'by phone', version: 4 },
      ],
    };
    const product = { sku, name: `Product ${sku}`, unitPrice: PRICE };
    pasts.product = {
      path: `/products/${sku}`,
      stream: `product-${sku}`,
      readers: [[operator, `/products/${sku}`]],
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

  describe.each(KINDS)('of one %s', (what) => {
    it.each([1, 3, 200])('is listed in pages of up to %d, as in the log', async (limit) => {
      const { path, stream, events, readers } = pasts[what];
      const logged = (await here.app.eventsAfter(0)).filter((event) => event.stream === stream);

      expect(events).toEqual(logged);
      for (const [by] of readers) expect(await inPages<EventItem>(by, `${path}/history`, limit)).toEqual(events);
    });

    it('is empty after its end', async () => {
      const cursor = Buffer.from(String(Number.MAX_SAFE_INTEGER)).toString('base64url');
      const { body } = await here.operator.get(`${pasts[what].path}/history?cursor=${cursor}`);

      expect(body).toEqual({ items: [], nextCursor: null });
    });

    it('is found by version, and always answered in full', async () => {
      const { states, readers } = pasts[what];
      for (const [index, state] of states.entries()) {
        for (const [by, at] of readers) {
          const answer = await by.get(`${at}?version=${index + 1}`, { 'if-none-match': '*' });
          expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: state });
          expect(answer.headers.etag).toBeUndefined();
          expect(answer.headers['cache-control']).toBe('private, no-cache');
        }
      }
    });

    it('is found by time: an event counts from its recording', async () => {
      const { events, states, readers } = pasts[what];
      const times = events.map(({ recordedAt }) => Date.parse(recordedAt));
      for (const [by, at] of readers) {
        for (const moment of times.flatMap((time) => [time - 1, time])) {
          const answer = await by.get(`${at}?at=${new Date(moment).toISOString()}`);
          // Several events may have been recorded in the same millisecond.
          const last = times.findLastIndex((time) => time <= moment);
          if (last >= 0) expect(answer.body).toEqual(states[last]);
          else expectProblem(answer, 404, 'version-not-found', { instance: at });
        }
        expect((await by.get(`${at}?at=${FUTURE}`)).body).toEqual(states.at(-1));
        expect((await by.get(at)).body).toEqual(states.at(-1));
      }
    });

    it('has no other moments', async () => {
      const { events, readers } = pasts[what];
      const never = [0, events.length + 1, Number.MAX_SAFE_INTEGER].map((version) => `version=${version}`);
      for (const query of [...never, `at=${BEFORE_ALL}`, 'at=0001-01-01T00:00:00Z']) {
        for (const [by, at] of readers) {
          expectProblem(await by.get(`${at}?${query}`), 404, 'version-not-found', { instance: at });
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

  it('accepts a time in any zone, with or without seconds', async () => {
    const { events, states } = pasts.user;
    const stateAt = async (time: string): Promise<object> => (await here.ann.get(`/users/me?at=${time}`)).body;
    const [, , { recordedAt }] = events as [EventItem, EventItem, EventItem];
    const elsewhere = new Date(Date.parse(recordedAt) + 5.5 * 3_600_000).toISOString();

    expect(await stateAt(elsewhere.replace('Z', '%2B05:30'))).toEqual(await stateAt(recordedAt));
    expect(await stateAt('2999-12-31T23:59Z')).toEqual(states.at(-1));
  });

  it('continues after the last page when there are new events', async () => {
    const { bob } = here;
    const first = (await bob.get(`${bob.path}/history?limit=1`)).body as { nextCursor: string };
    const changed = await bob.put(`${bob.path}/email`, { email: someNames().email, currentPassword: bob.password });

    const { items } = (await bob.get(`${bob.path}/history?cursor=${first.nextCursor}`)).body as { items: EventItem[] };

    expect(items.map(({ version }) => version)).toEqual([2, 3]);
    expect(items.at(-1)?.position).toBe(placeOf(changed).position);
  });

  it('shows a user’s events with their actors', () => {
    const { userId } = here.ann;
    const { username, email } = registered;
    const role = { userId, role: 'operator' };
    expect(pasts.user.events.map(({ type, data, actor }) => [type, data, actor])).toEqual([
      ['users.user-registered', { userId, username, email }, 'anonymous'],
      ['users.user-logged-in', { userId, loginTime: expect.stringMatching(ISO_TIME) }, 'anonymous'],
      ['users.email-changed', { userId, email: renamed.email, previousEmail: email }, userId],
      ['users.username-changed', { userId, username: renamed.username, previousUsername: username }, userId],
      ['users.role-granted', role, here.operator.userId],
      ['users.role-revoked', role, here.operator.userId],
      ['users.user-logged-in', { userId, loginTime: expect.stringMatching(ISO_TIME) }, 'anonymous'],
    ]);
  });

  it('shows an order’s events with their actors and requests', () => {
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

  it('shows a product’s events with their actors', () => {
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
    'is hidden from callers without access: %s',
    async (past) => {
      const { order, product } = pasts;
      expectProblem(await here.bob.get(`${order.path}${past}`), 404, 'order-not-found');
      expectProblem(await here.ann.get(`${product.path}${past}`), 403, 'forbidden');
      for (const { path } of [order, product]) {
        expectProblem(await here.app.anyone.get(`${path}${past}`), 401, 'not-signed-in');
      }
      for (const [by] of order.readers) {
        expectProblem(await by.get(`/orders/${NOBODY}${past}`), 404, 'order-not-found');
      }
      expectProblem(await here.operator.get(`/users/${NOBODY}${past}`), 404, 'user-not-found');
      for (const sku of ['nothing', '%00']) {
        expectProblem(await here.operator.get(`/products/${sku}${past}`), 404, 'product-not-found');
      }
    },
  );
});
