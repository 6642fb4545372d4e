import { someKey } from '../idempotency/keys.js';
import { NOBODY, pauseWholly, until } from '../operations/operating.js';
import { type Answer, type Headers, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import {
  addProduct,
  confirmed,
  expectEventOf,
  expectNothingHappens,
  expectStatus,
  place,
  PRICE,
  untilOrder,
} from './shop.js';

const FULFILMENT = 'orders.fulfilment';
/** Version of an order of one line that waits for its payment. */
const CONFIRMED = 3;

describe.each(DATABASE_KINDS)('POST /orders/:orderId/payment on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let sku: string;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
    sku = await addProduct(app, 1_000);
  });

  afterAll(() => app.close());

  const pathOf = (orderId: string): string => `/orders/${orderId}/payment`;
  const pay = (orderId: string, reference: unknown, headers?: Headers): Promise<Answer> =>
    operator.post(pathOf(orderId), { reference }, headers);
  const anOrder = (): Promise<string> => confirmed(ann, { sku, quantity: 1 });

  it('pays', async () => {
    const orderId = await anOrder();

    const paid = await pay(orderId, 'pay-1');

    expect(expectDone(paid, 200, { orderId }).version).toBe(CONFIRMED + 1);
    await expectEventOf(app, paid, {
      actor: operator.userId,
      stream: `order-${orderId}`,
      type: 'orders.order-paid',
      data: { orderId, customerId: ann.userId, reference: 'pay-1', total: PRICE, lines: [{ sku, line: 0 }] },
    });
    expect((await ann.get(`/orders/${orderId}`, since(paid))).body).toMatchObject({ status: 'paid', reason: null });
  });

  it('stores nothing under the same reference again, and refuses another', async () => {
    const orderId = await anOrder();
    const paid = await pay(orderId, 'pay-1');

    await expectNothingHappens(app, async () => {
      expect(expectDone(await pay(orderId, ' pay-1 '), 200, { orderId })).toEqual(placeOf(paid));
      expectProblem(await pay(orderId, 'pay-2'), 409, 'payment-reference-differs', { instance: pathOf(orderId) });
      expectProblem(await pay(orderId, 'PAY-1'), 409, 'payment-reference-differs');
    });
  });

  it('answers a repeat with its key as the first time', async () => {
    const [orderId, key] = [await anOrder(), someKey()];
    const paid = await pay(orderId, 'pay-1', key);

    await expectNothingHappens(app, async () => {
      const again = await pay(orderId, 'pay-1', key);
      expect(expectDone(again, 200, { orderId })).toEqual(placeOf(paid));
      expect(again.headers['idempotent-replayed']).toBe('true');
    });
  });

  it('is refused before the stock is reserved', async () => {
    await pauseWholly(operator, FULFILMENT);
    const orderId = await place(ann, { sku, quantity: 1 });

    const head = await app.head();
    expectProblem(await pay(orderId, 'pay-1'), 409, 'order-not-awaiting-payment', { instance: pathOf(orderId) });
    expect(await app.head()).toBe(head);

    expectStatus(await operator.post(`/subscriptions/${FULFILMENT}/resume`), 202);
    await until(operator, FULFILMENT, { state: 'live' });
    await untilOrder(ann, orderId, { status: 'awaiting-payment' });
    expectDone(await pay(orderId, 'pay-1'), 200, { orderId });
  });

  it('is refused once the order is over', async () => {
    const cancelled = await anOrder();
    expectStatus(await ann.post(`/orders/${cancelled}/cancellation`, { reason: 'no' }), 200);
    const rejected = await place(ann, { sku, quantity: 10_000 });
    await untilOrder(ann, rejected, { status: 'rejected' });

    await expectNothingHappens(app, async () => {
      expectProblem(await pay(cancelled, 'pay-1'), 409, 'order-cancelled', { instance: pathOf(cancelled) });
      expectProblem(await pay(rejected, 'pay-1'), 409, 'order-rejected', { instance: pathOf(rejected) });
    });
  });

  it('is for operators, and not for whose order it is', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      for (const each of [orderId, NOBODY]) {
        expectProblem(await ann.post(pathOf(each), { reference: 'x' }), 403, 'forbidden', { instance: pathOf(each) });
        expectProblem(await app.anyone.post(pathOf(each), { reference: 'x' }), 401, 'not-signed-in');
      }
    });
  });

  it('is for an order that there is', async () => {
    await expectNothingHappens(app, async () => {
      expectProblem(await pay(NOBODY, 'pay-1'), 404, 'order-not-found', { instance: pathOf(NOBODY) });
      for (const id of ['7', `${NOBODY}0`, NOBODY.replaceAll('-', ''), '%00']) {
        expectProblem(await pay(id, 'pay-1'), 400, 'validation-failed', { fields: ['orderId'] });
      }
    });
  });

  it('is decided on the version in If-Match', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      for (const version of ['"1"', '"4"']) {
        const late = await pay(orderId, 'pay-1', { 'if-match': version });
        expectProblem(late, 412, 'version-conflict', { detail: /\bactual version is 3\b/ });
      }
    });
    const paid = await pay(orderId, 'pay-1', { 'if-match': `"${CONFIRMED}"` });
    expect(expectDone(paid, 200, { orderId }).version).toBe(CONFIRMED + 1);
  });

  it('is stored once when many ask at once, and one reference wins', async () => {
    const orderId = await anOrder();

    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => pay(orderId, `pay-${index % 2}`)));

    const paid = answers.filter(({ status }) => status === 200);
    expect(paid).toHaveLength(4);
    expect(new Set(paid.map((each) => placeOf(each).position)).size).toBe(1);
    for (const each of answers.filter(({ status }) => status !== 200)) {
      expectProblem(each, 409, 'payment-reference-differs');
    }
  });

  it('refuses what is no reference', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      for (const reference of [undefined, null, '', '  ', 7, ['pay-1'], 'a\u0000b', 'x'.repeat(201)]) {
        const refused = await pay(orderId, reference);
        expectProblem(refused, 400, 'validation-failed', { fields: ['reference'], instance: pathOf(orderId) });
      }
    });
  });

  it('takes a reference of 200 letters, and no other field', async () => {
    const orderId = await anOrder();

    const more = await operator.post(pathOf(orderId), { reference: 'x', amount: 1 });
    expectProblem(more, 400, 'validation-failed', { fields: ['amount'] });

    expectDone(await pay(orderId, 'x'.repeat(200)), 200, { orderId });
  });
});
