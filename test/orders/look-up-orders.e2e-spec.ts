import type { OrderAnswer } from '../../src/orders/order.answer.js';
import { NOBODY } from '../operations/operating.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { inPages } from '../support/in-pages.js';
import { useApp } from '../support/use-app.js';
import { addProduct, confirmed, expectStatus, orderOf, untilOrder } from './shop.js';

describe.each(DATABASE_KINDS)('order queries on %s', (kind) => {
  const here = useApp(kind);
  let sku: string;
  /** Ann's orders, as they were placed; the third is cancelled, the fourth paid. */
  let anns: string[];
  let bobs: string;

  beforeAll(async () => {
    sku = await addProduct(here.app, 1_000);
    anns = [await anOrder(here.ann), await anOrder(here.ann)];
    bobs = await anOrder(here.bob);
    while (anns.length < 5) anns.push(await anOrder(here.ann));
    expectStatus(await here.ann.post(`/orders/${anns[2]}/cancellation`, { reason: 'no' }), 200);
    expectStatus(await here.operator.post(`/orders/${anns[3]}/payment`, { reference: 'pay-1' }), 200);
    await untilOrder(here.ann, anns[2]!, { status: 'cancelled' });
    await untilOrder(here.ann, anns[3]!, { status: 'paid' });
  });

  const anOrder = (by: Person): Promise<string> => confirmed(by, { sku, quantity: 1 });
  const idsOf = async (who: Person, query = ''): Promise<string[]> => {
    const { body } = expectStatus(await who.get(`/orders${query}`), 200);
    return (body as { items: OrderAnswer[] }).items.map(({ orderId }) => orderId);
  };

  it('list a customer’s own orders, as they were placed, and as GET shows each', async () => {
    const { items } = (await here.bob.get('/orders')).body as { items: OrderAnswer[] };
    expect(items).toEqual([await orderOf(here.bob, bobs)]);
    expect(await idsOf(here.ann)).toEqual(anns);
    expect((await (await here.app.customer()).get('/orders')).body).toEqual({ items: [], nextCursor: null });
  });

  it('list the orders of all customers for operators', async () => {
    expect(await idsOf(here.operator)).toEqual([...anns.slice(0, 2), bobs, ...anns.slice(2)]);
  });

  it.each([1, 2, 5, 200])('come in pages of up to %d, with every order once', async (limit) => {
    for (const by of [here.ann, here.operator]) {
      const orders = await inPages<OrderAnswer>(by, '/orders', limit);
      expect(orders.map(({ orderId }) => orderId)).toEqual(await idsOf(by));
    }
  });

  it('list orders by status', async () => {
    expect(await idsOf(here.ann, '?status=paid')).toEqual([anns[3]]);
    expect(await idsOf(here.bob, '?status=paid')).toEqual([]);
    expect(await idsOf(here.operator, '?status=paid')).toEqual([anns[3]]);
    expect(await idsOf(here.bob, '?status=awaiting-payment')).toEqual([bobs]);
    expect(await idsOf(here.ann, '?status=cancelled')).toEqual([anns[2]]);
    for (const status of ['rejected', 'expired']) expect(await idsOf(here.operator, `?status=${status}`)).toEqual([]);
    const inOnes = await inPages<OrderAnswer>(here.operator, '/orders?status=awaiting-payment', 1);
    expect(inOnes.map(({ orderId }) => orderId)).toEqual(await idsOf(here.operator, '?status=awaiting-payment'));
  });

  // The rest is the same on every database.
  if (kind !== 'sqlite') return;

  it('show an order to its customer, and to operators', async () => {
    const [orderId] = anns as [string];
    const order = await orderOf(here.ann, orderId);

    expect(order).toMatchObject({ orderId, customerId: here.ann.userId, status: 'awaiting-payment', version: 3 });
    expect(await orderOf(here.operator, orderId)).toEqual(order);
  });

  it('show no order to other customers', async () => {
    for (const [by, orderId] of [
      [here.bob, anns[0]],
      [here.ann, bobs],
      [here.ann, NOBODY],
      [here.operator, NOBODY],
    ] as const) {
      for (const headers of [undefined, { 'if-none-match': '*' }]) {
        const instance = `/orders/${orderId}`;
        expectProblem(await by.get(instance, headers), 404, 'order-not-found', { instance });
      }
    }
    for (const id of ['7', `${NOBODY}0`, '%00']) {
      expectProblem(await here.ann.get(`/orders/${id}`), 400, 'validation-failed', { fields: ['orderId'] });
    }
  });

  it('answer an order again only when it has changed', async () => {
    const path = `/orders/${await anOrder(here.ann)}`;
    const seen = await here.ann.get(path);
    expect(seen.headers).toMatchObject({ etag: '"3"', 'cache-control': 'private, no-cache' });

    const same = await here.ann.get(path, { 'if-none-match': '"3"' });
    expect(same).toMatchObject({ status: 304, text: '', headers: { etag: '"3"' } });
    const changed = await here.ann.post(`${path}/cancellation`, { reason: 'no' });
    const fresh = await here.ann.get(path, { 'if-none-match': '"3"', ...since(changed) });
    expect(fresh).toMatchObject({ status: 200, body: { status: 'cancelled', version: 4 } });
    expect(fresh.headers.etag).toBe(changed.headers.etag);
  });

  it('show a new change to a client that waits for its position', async () => {
    for (let round = 0; round < 5; round++) {
      const placed = await here.ann.post('/orders', { lines: [{ sku, quantity: 1 }] });
      const written = placed.body as { orderId: string };

      expect(await here.ann.get(`/orders/${written.orderId}`, since(placed))).toMatchObject({
        status: 200,
        body: written,
      });
      const { items } = (await here.ann.get('/orders?limit=200', since(placed))).body as { items: OrderAnswer[] };
      expect(items).toContainEqual(expect.objectContaining(written));
    }
  });
});
