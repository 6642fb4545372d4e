import { someKey } from '../idempotency/keys.js';
import { NOBODY } from '../operations/operating.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, confirmed, expectEventOf, expectNothingHappens, expectStatus, place, untilOrder } from './shop.js';

/** Version of an order of one line that waits for its payment. */
const CONFIRMED = 3;
const REASON = 'changed my mind';

describe.each(DATABASE_KINDS)('POST /orders/:orderId/cancellation on %s', (kind) => {
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

  afterAll(() => app.close());

  const pathOf = (orderId: string): string => `/orders/${orderId}/cancellation`;
  const cancel = (orderId: string, by: Client = ann, headers?: Headers): Promise<Answer> =>
    by.post(pathOf(orderId), { reason: REASON }, headers);
  const anOrder = (): Promise<string> => confirmed(ann, { sku, quantity: 1 });

  it.each(['whose order it is', 'an operator'])('cancels, for %s', async (who) => {
    const orderId = await anOrder();
    const by = who === 'an operator' ? operator : ann;

    const cancelled = await cancel(orderId, by);

    expect(expectDone(cancelled, 200, { orderId }).version).toBe(CONFIRMED + 1);
    await expectEventOf(app, cancelled, {
      actor: by.userId,
      stream: `order-${orderId}`,
      type: 'orders.order-cancelled',
      data: { orderId, reason: REASON, lines: [{ sku, line: 0 }] },
    });
    expect((await ann.get(`/orders/${orderId}`, since(cancelled))).body).toMatchObject({
      status: 'cancelled',
      reason: REASON,
      version: CONFIRMED + 1,
    });
  });

  it('stores nothing when it is cancelled already, and keeps the first reason', async () => {
    const orderId = await anOrder();
    const cancelled = await cancel(orderId);

    await expectNothingHappens(app, async () => {
      const again = await ann.post(pathOf(orderId), { reason: 'another' });
      expect(expectDone(again, 200, { orderId })).toEqual(placeOf(cancelled));
    });
    await untilOrder(ann, orderId, { reason: REASON });
  });

  it('answers a repeat with its key as the first time', async () => {
    const [orderId, key] = [await anOrder(), someKey()];
    const cancelled = await cancel(orderId, ann, key);

    await expectNothingHappens(app, async () => {
      const again = await cancel(orderId, ann, key);
      expect(expectDone(again, 200, { orderId })).toEqual(placeOf(cancelled));
      expect(again.headers['idempotent-replayed']).toBe('true');
    });
  });

  it('is refused once the order is paid or was rejected', async () => {
    const paid = await anOrder();
    expectStatus(await operator.post(`/orders/${paid}/payment`, { reference: 'pay-1' }), 200);
    const rejected = await place(ann, { sku, quantity: 10_000 });
    await untilOrder(ann, rejected, { status: 'rejected' });

    await expectNothingHappens(app, async () => {
      for (const by of [ann, operator]) {
        expectProblem(await cancel(paid, by), 409, 'order-already-paid', { instance: pathOf(paid) });
        expectProblem(await cancel(rejected, by), 409, 'order-rejected', { instance: pathOf(rejected) });
      }
    });
  });

  it('is either paid or cancelled when both are asked for at once', async () => {
    for (let round = 0; round < 5; round++) {
      const orderId = await anOrder();

      const [paid, cancelled] = await Promise.all([
        operator.post(`/orders/${orderId}/payment`, { reference: 'pay-1' }),
        cancel(orderId),
      ]);

      expect([paid.status, cancelled.status].toSorted((one, other) => one - other)).toEqual([200, 409]);
      if (paid.status === 200) expectProblem(cancelled, 409, 'order-already-paid');
      else expectProblem(paid, 409, 'order-cancelled');
      await untilOrder(ann, orderId, { status: paid.status === 200 ? 'paid' : 'cancelled' });
    }
  });

  it('does not exist for another customer', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      expectProblem(await cancel(orderId, bob), 404, 'order-not-found', { instance: pathOf(orderId) });
      expectProblem(await cancel(orderId, bob, { 'if-match': '"1"' }), 404, 'order-not-found');
      for (const by of [ann, operator]) expectProblem(await cancel(NOBODY, by), 404, 'order-not-found');
    });
  });

  it('asks strangers to sign in', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      expectProblem(await cancel(orderId, app.anyone), 401, 'not-signed-in', { instance: pathOf(orderId) });
    });
  });

  it('is decided on the version in If-Match', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      for (const version of ['"1"', '"4"']) {
        const late = await cancel(orderId, ann, { 'if-match': version });
        expectProblem(late, 412, 'version-conflict', { detail: /\bactual version is 3\b/ });
      }
    });
    expectDone(await cancel(orderId, ann, { 'if-match': `"${CONFIRMED}"` }), 200, { orderId });
  });

  it('refuses what is no reason', async () => {
    const orderId = await anOrder();

    await expectNothingHappens(app, async () => {
      for (const reason of [undefined, null, '', ' \t', 7, ['no'], 'a\u0000b', 'x'.repeat(501)]) {
        const refused = await ann.post(pathOf(orderId), { reason });
        expectProblem(refused, 400, 'validation-failed', { fields: ['reason'], instance: pathOf(orderId) });
      }
    });
  });

  it('takes a reason of 500 letters, and no other field, and a UUID', async () => {
    const orderId = await anOrder();

    expectProblem(await cancel('7'), 400, 'validation-failed', { fields: ['orderId'] });
    const more = await ann.post(pathOf(orderId), { reason: 'x', refund: true });
    expectProblem(more, 400, 'validation-failed', { fields: ['refund'] });

    expectDone(await ann.post(pathOf(orderId), { reason: 'x'.repeat(500) }), 200, { orderId });
  });
});
