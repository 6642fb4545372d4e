import { someKey } from '../idempotency/keys.js';
import { NOBODY, pauseWholly, until } from '../operations/operating.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
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
/** Version of an order of one line that waits for payment. */
const CONFIRMED = 3;
const REASON = 'changed my mind';

const here = useApp('sqlite');
let sku: string;

beforeAll(async () => {
  sku = await addProduct(here.app, 1_000);
});

const anOrder = (): Promise<string> => confirmed(here.ann, { sku, quantity: 1 });
const paymentOf = (orderId: string): string => `/orders/${orderId}/payment`;
const cancellationOf = (orderId: string): string => `/orders/${orderId}/cancellation`;
const pay = (orderId: string, reference = 'pay-1', by: Client = here.operator): Promise<Answer> =>
  by.post(paymentOf(orderId), { reference });
const cancel = (orderId: string, by: Client = here.ann, headers?: Headers): Promise<Answer> =>
  by.post(cancellationOf(orderId), { reason: REASON }, headers);
async function aRejectedOrder(): Promise<string> {
  const orderId = await place(here.ann, { sku, quantity: 10_000 });
  await untilOrder(here.ann, orderId, { status: 'rejected' });
  return orderId;
}

describe.each([
  { action: 'payment', field: 'reference', longest: 200, pathOf: paymentOf },
  { action: 'cancellation', field: 'reason', longest: 500, pathOf: cancellationOf },
])('POST /orders/:orderId/$action', ({ field, longest, pathOf }) => {
  const ask = (orderId: string, text: unknown, headers?: Headers, by: Client = here.operator): Promise<Answer> =>
    by.post(pathOf(orderId), { [field]: text }, headers);

  it('a repeat with its key gets the first answer', async () => {
    const [orderId, key] = [await anOrder(), someKey()];
    const done = await ask(orderId, 'once', key);

    await expectNothingHappens(here.app, async () => {
      const again = await ask(orderId, 'once', key);
      expect(expectDone(again, 200, { orderId })).toEqual(placeOf(done));
      expect(again.headers['idempotent-replayed']).toBe('true');
    });
  });

  it('is decided on the version in If-Match', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(here.app, async () => {
      for (const version of ['"1"', '"4"']) {
        const late = await ask(orderId, 'late', { 'if-match': version });
        expectProblem(late, 412, 'version-conflict', { detail: /\bactual version is 3\b/ });
      }
    });
    const done = await ask(orderId, 'in time', { 'if-match': `"${CONFIRMED}"` });
    expect(expectDone(done, 200, { orderId }).version).toBe(CONFIRMED + 1);
  });

  it(`accepts a ${field} of 1 to ${longest} characters, and no other field`, async () => {
    const orderId = await anOrder();

    await expectNothingHappens(here.app, async () => {
      for (const bad of [undefined, null, '', ' \t', 7, ['no'], 'a\u0000b', 'x'.repeat(longest + 1)]) {
        const refused = await ask(orderId, bad);
        expectProblem(refused, 400, 'validation-failed', { fields: [field], instance: pathOf(orderId) });
      }
      const more = await here.operator.post(pathOf(orderId), { [field]: 'x', amount: 1 });
      expectProblem(more, 400, 'validation-failed', { fields: ['amount'] });
    });
    expectDone(await ask(orderId, 'x'.repeat(longest)), 200, { orderId });
  });

  it('is for an order that exists', async () => {
    await expectNothingHappens(here.app, async () => {
      expectProblem(await ask(NOBODY, 'x'), 404, 'order-not-found', { instance: pathOf(NOBODY) });
      for (const id of ['7', `${NOBODY}0`, NOBODY.replaceAll('-', ''), '%00']) {
        expectProblem(await ask(id, 'x'), 400, 'validation-failed', { fields: ['orderId'] });
      }
    });
  });
});

describe('a payment', () => {
  it('is stored, and shown', async () => {
    const orderId = await anOrder();

    const paid = await pay(orderId);

    expect(expectDone(paid, 200, { orderId }).version).toBe(CONFIRMED + 1);
    await expectEventOf(here.app, paid, {
      actor: here.operator.userId,
      stream: `order-${orderId}`,
      type: 'orders.order-paid',
      data: { orderId, customerId: here.ann.userId, reference: 'pay-1', total: PRICE, lines: [{ sku, line: 0 }] },
    });
    expect((await here.ann.get(`/orders/${orderId}`, since(paid))).body).toMatchObject({
      status: 'paid',
      reason: null,
    });
  });

  it('is stored once with one reference, and refused with another', async () => {
    const orderId = await anOrder();
    const paid = await pay(orderId);

    await expectNothingHappens(here.app, async () => {
      expect(expectDone(await pay(orderId, ' pay-1 '), 200, { orderId })).toEqual(placeOf(paid));
      for (const other of ['pay-2', 'PAY-1']) {
        const refused = await pay(orderId, other);
        expectProblem(refused, 409, 'payment-reference-differs', { instance: paymentOf(orderId) });
      }
    });
  });

  it('is stored once when many are concurrent, and one reference wins', async () => {
    const orderId = await anOrder();

    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => pay(orderId, `pay-${index % 2}`)));

    const paid = answers.filter(({ status }) => status === 200);
    expect(paid).toHaveLength(4);
    expect(new Set(paid.map((each) => placeOf(each).position)).size).toBe(1);
    for (const each of answers.filter(({ status }) => status !== 200)) {
      expectProblem(each, 409, 'payment-reference-differs');
    }
  });

  it('is refused before the stock is reserved', async () => {
    await pauseWholly(here.operator, FULFILMENT);
    const orderId = await place(here.ann, { sku, quantity: 1 });

    await expectNothingHappens(here.app, async () => {
      expectProblem(await pay(orderId), 409, 'order-not-awaiting-payment', { instance: paymentOf(orderId) });
    });

    expectStatus(await here.operator.post(`/subscriptions/${FULFILMENT}/resume`), 202);
    await until(here.operator, FULFILMENT, { state: 'live' });
    await untilOrder(here.ann, orderId, { status: 'awaiting-payment' });
    expectDone(await pay(orderId), 200, { orderId });
  });

  it('is refused once the order is cancelled or was rejected', async () => {
    const [cancelled, rejected] = [await anOrder(), await aRejectedOrder()];
    expectStatus(await cancel(cancelled), 200);

    await expectNothingHappens(here.app, async () => {
      expectProblem(await pay(cancelled), 409, 'order-cancelled', { instance: paymentOf(cancelled) });
      expectProblem(await pay(rejected), 409, 'order-rejected', { instance: paymentOf(rejected) });
    });
  });
});

describe('a cancellation', () => {
  it.each(['the customer', 'an operator'])('is stored for %s, and shown', async (who) => {
    const orderId = await anOrder();
    const by = who === 'an operator' ? here.operator : here.ann;

    const cancelled = await cancel(orderId, by);

    expect(expectDone(cancelled, 200, { orderId }).version).toBe(CONFIRMED + 1);
    await expectEventOf(here.app, cancelled, {
      actor: by.userId,
      stream: `order-${orderId}`,
      type: 'orders.order-cancelled',
      data: { orderId, customerId: here.ann.userId, reason: REASON, lines: [{ sku, line: 0 }] },
    });
    const { body } = await here.ann.get(`/orders/${orderId}`, since(cancelled));
    expect(body).toMatchObject({ status: 'cancelled', reason: REASON, version: CONFIRMED + 1 });
  });

  it('is stored once, with the first reason', async () => {
    const orderId = await anOrder();
    const cancelled = await cancel(orderId);

    await expectNothingHappens(here.app, async () => {
      const again = await here.ann.post(cancellationOf(orderId), { reason: 'another' });
      expect(expectDone(again, 200, { orderId })).toEqual(placeOf(cancelled));
    });
    await untilOrder(here.ann, orderId, { reason: REASON });
  });

  it('is refused once the order is paid or was rejected', async () => {
    const [paid, rejected] = [await anOrder(), await aRejectedOrder()];
    expectStatus(await pay(paid), 200);

    await expectNothingHappens(here.app, async () => {
      for (const by of [here.ann, here.operator]) {
        expectProblem(await cancel(paid, by), 409, 'order-already-paid', { instance: cancellationOf(paid) });
        expectProblem(await cancel(rejected, by), 409, 'order-rejected', { instance: cancellationOf(rejected) });
      }
    });
  });

  it('or a payment wins when both are concurrent', async () => {
    for (let round = 0; round < 5; round++) {
      const orderId = await anOrder();

      const [paid, cancelled] = await Promise.all([pay(orderId), cancel(orderId)]);

      expect([paid.status, cancelled.status].toSorted((one, other) => one - other)).toEqual([200, 409]);
      if (paid.status === 200) expectProblem(cancelled, 409, 'order-already-paid');
      else expectProblem(paid, 409, 'order-cancelled');
      await untilOrder(here.ann, orderId, { status: paid.status === 200 ? 'paid' : 'cancelled' });
    }
  });

  it('answers 404 for an order of another customer', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(here.app, async () => {
      expectProblem(await cancel(orderId, here.bob), 404, 'order-not-found', { instance: cancellationOf(orderId) });
      expectProblem(await cancel(orderId, here.bob, { 'if-match': '"1"' }), 404, 'order-not-found');
      expectProblem(await cancel(NOBODY), 404, 'order-not-found');
    });
  });
});
