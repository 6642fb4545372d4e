import { MovableClock } from '../../src/event-sourcing/testing/movable-clock.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, confirmed, expectStatus, orderOf, place, untilOrder, untilProduct } from './shop.js';

const WINDOW = 60_000;

describe.each(DATABASE_KINDS)('an order that is not paid on %s', (kind) => {
  let database: TestDatabase;
  let clock: MovableClock;
  let app: TestApp;

  const start = (): Promise<TestApp> => TestApp.start(database, { ORDER_PAYMENT_WINDOW: '60s' }, { clock });
  const scheduled = async (): Promise<number> =>
    (await runSql(database.url, `select id from saga_commands where state = 'scheduled'`)).length;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
    clock = new MovableClock();
    app = await start();
  });

  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  it('expires when its time is over, not before, and its stock is free again', async () => {
    const ann = await app.customer();
    const sku = await addProduct(app, 10);
    const orderId = await confirmed(ann, { sku, quantity: 3 });
    await eventually(async () => expect(await scheduled()).toBe(1));

    clock.moveOn(WINDOW - 30_000);
    const other = await confirmed(ann, { sku, quantity: 1 });
    expect(await orderOf(ann, orderId)).toMatchObject({ status: 'awaiting-payment' });
    expect(await orderOf(ann, other)).toMatchObject({ status: 'awaiting-payment' });

    clock.moveOn(30_000 + 1_000);
    await untilOrder(ann, orderId, { status: 'expired', reason: null });
    await untilProduct(app, sku, { available: 10, reserved: 0 });
    const operator = await app.operator();
    const late = await operator.post(`/orders/${orderId}/payment`, { reference: 'late' });
    expectProblem(late, 409, 'order-expired');
    expectProblem(await ann.post(`/orders/${orderId}/cancellation`, { reason: 'late' }), 409, 'order-expired');
  });

  it('expires also when nobody ran at that moment', async () => {
    const ann = await app.customer();
    const sku = await addProduct(app, 10);
    const orderId = await confirmed(ann, { sku, quantity: 3 });
    await eventually(async () => expect(await scheduled()).toBe(1));
    await app.close();
    clock.moveOn(10 * WINDOW);

    app = await start();

    await untilOrder(app.personOf(ann), orderId, { status: 'expired' });
    await untilProduct(app, sku, { available: 10, reserved: 0 });
  });

  it('never expires once it is paid or cancelled', async () => {
    const ann = await app.customer();
    const sku = await addProduct(app, 10);
    const [paid, cancelled] = [await confirmed(ann, { sku, quantity: 3 }), await confirmed(ann, { sku, quantity: 2 })];
    const operator = await app.operator();
    expectStatus(await operator.post(`/orders/${paid}/payment`, { reference: 'pay-1' }), 200);
    expectStatus(await ann.post(`/orders/${cancelled}/cancellation`, { reason: 'no' }), 200);
    await untilProduct(app, sku, { available: 7, reserved: 0 });
    await eventually(async () => expect(await scheduled()).toBe(0));

    clock.moveOn(10 * WINDOW);
    const last = await place(ann, { sku, quantity: 1 });
    await untilOrder(ann, last, { status: 'expired' });

    expect(await orderOf(ann, paid)).toMatchObject({ status: 'paid' });
    expect(await orderOf(ann, cancelled)).toMatchObject({ status: 'cancelled' });
  });

  it('is either paid or expired when both come at once, and the stock agrees', async () => {
    const ann = await app.customer();
    const operator = await app.operator();
    const sku = await addProduct(app, 100);
    const orders: string[] = [];
    for (let count = 0; count < 20; count++) orders.push(await confirmed(ann, { sku, quantity: 1 }));
    await eventually(async () => expect(await scheduled()).toBe(orders.length));

    const paying = Promise.all(orders.map((each) => operator.post(`/orders/${each}/payment`, { reference: 'pay' })));
    clock.moveOn(WINDOW + 1_000);
    const answers = await paying;

    const paid = answers.filter(({ status }) => status === 200).length;
    for (const answer of answers.filter(({ status }) => status !== 200)) expectProblem(answer, 409, 'order-expired');
    for (const [index, each] of orders.entries()) {
      await untilOrder(ann, each, { status: answers[index]!.status === 200 ? 'paid' : 'expired' });
    }
    await untilProduct(app, sku, { available: 100 - paid, reserved: 0 });
  });
});
