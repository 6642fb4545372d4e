import type { OrderAnswer } from '../../src/orders/order.answer.js';
import { NOBODY } from '../operations/operating.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, confirmed, expectStatus, inPages, orderOf, untilOrder } from './shop.js';

describe.each(DATABASE_KINDS)('looking orders up on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let bob: Person;
  let sku: string;
  /** Ann's, in the order of their placing; the third is cancelled, the fourth paid. */
  let anns: string[];
  let bobs: string;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    [ann, bob] = [await app.customer(), await app.customer()];
    await app.caughtUpWith(bob.signedIn);
    sku = await addProduct(app, 1_000);
    const anOrder = (by: Person): Promise<string> => confirmed(by, { sku, quantity: 1 });
    anns = [await anOrder(ann), await anOrder(ann)];
    bobs = await anOrder(bob);
    while (anns.length < 5) anns.push(await anOrder(ann));
    expectStatus(await ann.post(`/orders/${anns[2]}/cancellation`, { reason: 'no' }), 200);
    expectStatus(await operator.post(`/orders/${anns[3]}/payment`, { reference: 'pay-1' }), 200);
    await untilOrder(ann, anns[2]!, { status: 'cancelled' });
    await untilOrder(ann, anns[3]!, { status: 'paid' });
  });

  afterAll(() => app.close());

  const idsOf = async (who: Person, query = ''): Promise<string[]> => {
    const { body } = expectStatus(await who.get(`/orders${query}`), 200);
    return (body as { items: OrderAnswer[] }).items.map(({ orderId }) => orderId);
  };

  describe('one', () => {
    it('is shown to whose it is, and to operators', async () => {
      const [orderId] = anns as [string];

      const order = await orderOf(ann, orderId);

      expect(order).toMatchObject({ orderId, customerId: ann.userId, status: 'awaiting-payment', version: 3 });
      expect(await orderOf(operator, orderId)).toEqual(order);
    });

    it('does not exist for others', async () => {
      for (const [by, orderId] of [
        [bob, anns[0]],
        [ann, bobs],
        [ann, NOBODY],
        [operator, NOBODY],
      ] as const) {
        for (const headers of [undefined, { 'if-none-match': '*' }]) {
          const path = `/orders/${orderId}`;
          expectProblem(await by.get(path, headers), 404, 'order-not-found', { instance: path });
        }
      }
    });

    it('is not shown to strangers, and has a UUID', async () => {
      expectProblem(await app.anyone.get(`/orders/${anns[0]}`), 401, 'not-signed-in');
      for (const id of ['7', `${NOBODY}0`, '%00']) {
        expectProblem(await ann.get(`/orders/${id}`), 400, 'validation-failed', { fields: ['orderId'] });
      }
    });

    it('is answered again only when it has changed', async () => {
      const orderId = await confirmed(ann, { sku, quantity: 1 });
      const seen = await ann.get(`/orders/${orderId}`);
      expect(seen.headers).toMatchObject({ etag: '"3"', 'cache-control': 'private, no-cache' });

      const same = await ann.get(`/orders/${orderId}`, { 'if-none-match': '"3"' });
      expect({ status: same.status, text: same.text, etag: same.headers.etag }).toEqual({
        status: 304,
        text: '',
        etag: '"3"',
      });
      const changed = await ann.post(`/orders/${orderId}/cancellation`, { reason: 'no' });
      const fresh = await ann.get(`/orders/${orderId}`, { 'if-none-match': '"3"', ...since(changed) });
      expect(fresh).toMatchObject({ status: 200, body: { status: 'cancelled', version: 4 } });
      expect(fresh.headers.etag).toBe(changed.headers.etag);
    });

    it('shows what was just written, to who waits for it', async () => {
      for (let round = 0; round < 5; round++) {
        const placed = await ann.post('/orders', { lines: [{ sku, quantity: 1 }] });
        const { orderId } = placed.body as { orderId: string };

        expect(await ann.get(`/orders/${orderId}`, since(placed))).toMatchObject({ status: 200, body: { orderId } });
        const { items } = (await ann.get('/orders?limit=200', since(placed))).body as { items: OrderAnswer[] };
        expect(items.map((each) => each.orderId)).toContain(orderId);
      }
    });
  });

  describe('a list', () => {
    it('has a customer’s own, in the order of their placing, as a look-up shows them', async () => {
      const { items } = (await bob.get('/orders')).body as { items: OrderAnswer[] };
      expect(items).toEqual([await orderOf(bob, bobs)]);

      const annsNow = await idsOf(ann, '?limit=200');
      expect(annsNow.slice(0, anns.length)).toEqual(anns);
      expect(annsNow).not.toContain(bobs);
    });

    it('has everybody’s for operators', async () => {
      const all = await idsOf(operator, '?limit=200');

      expect(all).toEqual(expect.arrayContaining([...anns, bobs]));
      expect(all).toEqual(all.toSorted());
      expect(all.indexOf(bobs)).toBe(2);
    });

    it('is empty for who has ordered nothing', async () => {
      expect((await (await app.customer()).get('/orders')).body).toEqual({ items: [], nextCursor: null });
    });

    it.each([1, 2, 5, 200])('comes in pages of up to %d, with every order once', async (limit) => {
      const [own, all] = [await idsOf(ann, '?limit=200'), await idsOf(operator, '?limit=200')];

      const idsInPages = async (by: Person): Promise<string[]> =>
        (await inPages<OrderAnswer>(by, '/orders', limit)).map(({ orderId }) => orderId);
      expect(await idsInPages(ann)).toEqual(own);
      expect(await idsInPages(operator)).toEqual(all);
    });

    it('has those of a status', async () => {
      expect(await idsOf(ann, '?status=paid')).toEqual([anns[3]]);
      expect(await idsOf(bob, '?status=paid')).toEqual([]);
      expect(await idsOf(operator, '?status=paid')).toEqual([anns[3]]);
      expect(await idsOf(bob, '?status=awaiting-payment')).toEqual([bobs]);
      expect(await idsOf(ann, '?status=cancelled')).toContain(anns[2]);
      for (const status of ['rejected', 'expired']) expect(await idsOf(operator, `?status=${status}`)).toEqual([]);
      const inOnes = await inPages<OrderAnswer>(operator, '/orders?status=awaiting-payment', 1);
      expect(inOnes.map(({ orderId }) => orderId)).toEqual(await idsOf(operator, '?status=awaiting-payment&limit=200'));
    });

    it('has no entity tag, and is not for strangers', async () => {
      const answer = await ann.get('/orders', { 'if-none-match': '*' });

      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'private, no-cache' } });
      expect(answer.headers.etag).toBeUndefined();
      expectProblem(await app.anyone.get('/orders'), 401, 'not-signed-in', { instance: '/orders' });
    });

    it.each([
      ['status', 'status=lost'],
      ['status', 'status='],
      ['status', 'status=paid&status=placed'],
      ['limit', 'limit=0'],
      ['limit', 'limit=201'],
      ['cursor', 'cursor=x'],
      ['cursor', `cursor=${Buffer.from('7').toString('base64url')}`],
      ['cursor', `cursor=${Buffer.from('"7"').toString('base64url')}`],
      ['customerId', `customerId=${NOBODY}`],
    ])('refuses a bad %s: ?%s', async (field, query) => {
      for (const by of [ann, operator]) {
        expectProblem(await by.get(`/orders?${query}`), 400, 'validation-failed', {
          fields: [field],
          instance: '/orders',
        });
      }
    });
  });
});
