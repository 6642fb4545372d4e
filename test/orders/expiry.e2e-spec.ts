import { MovableClock } from '../../packages/core/src/testing/movable-clock.js';
import type { Answer } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, confirmed, expectStatus, orderOf, place, untilOrder, untilProduct } from './shop.js';

const WINDOW = 60_000;

describe.each(DATABASE_KINDS)('an unpaid order on %s', (kind) => {
  let database: TestDatabase;
  let clock: MovableClock;
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let sku: string;

  const start = (): Promise<TestApp> => TestApp.start(database, { ORDER_PAYMENT_WINDOW: '60s' }, { clock });
  const anOrder = (): Promise<string> => confirmed(ann, { sku, quantity: 1 });
  const pay = (orderId: string): Promise<Answer> => operator.post(`/orders/${orderId}/payment`, { reference: 'pay' });
  const untilScheduled = (count: number): Promise<void> =>
    eventually(async () => {
      const rows = await runSql(database.url, `select id from leftfold_saga_commands where state = 'scheduled'`);
      expect(rows).toHaveLength(count);
    });

  beforeEach(async () => {
    database = await createAppDatabase(kind);
    clock = new MovableClock();
    app = await start();
    operator = await app.operator();
    ann = await app.customer();
    sku = await addProduct(app, 100);
  });

  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  it('expires when its time is over, not before, also when no process runs then; and never once it has ended', async () => {
    const [paid, cancelled, left] = [await anOrder(), await anOrder(), await anOrder()];
    expectStatus(await pay(paid), 200);
    expectStatus(await ann.post(`/orders/${cancelled}/cancellation`, { reason: 'no' }), 200);
    await untilProduct(app, sku, { available: 98, reserved: 1 });
    await untilScheduled(1);

    clock.moveOn(WINDOW - 30_000);
    const other = await anOrder();
    await untilScheduled(2);
    expect(await orderOf(ann, left)).toMatchObject({ status: 'awaiting-payment' });
    expect(await orderOf(ann, other)).toMatchObject({ status: 'awaiting-payment' });
    await app.close();
    clock.moveOn(10 * WINDOW);

    app = await start();

    const then = app.personOf(ann);
    for (const each of [left, other]) await untilOrder(then, each, { status: 'expired', reason: null });
    await untilProduct(app, sku, { available: 99, reserved: 0 });
    expect(await orderOf(then, paid)).toMatchObject({ status: 'paid' });
    expect(await orderOf(then, cancelled)).toMatchObject({ status: 'cancelled' });
  });

  it('is either paid or expired when both are concurrent, and the stock agrees', async () => {
    const left = await anOrder();
    const orders = await Promise.all(Array.from({ length: 15 }, () => place(ann, { sku, quantity: 1 })));
    await untilScheduled(1 + orders.length);

    const paying = Promise.all(orders.map(pay));
    clock.moveOn(WINDOW + 1_000);
    const answers = await paying;

    const paid = answers.filter(({ status }) => status === 200).length;
    for (const answer of answers.filter(({ status }) => status !== 200)) expectProblem(answer, 409, 'order-expired');
    for (const [index, each] of orders.entries()) {
      await untilOrder(ann, each, { status: answers[index]!.status === 200 ? 'paid' : 'expired' });
    }
    await untilOrder(ann, left, { status: 'expired', reason: null });
    await untilProduct(app, sku, { available: 100 - paid, reserved: 0 });
    expectProblem(await pay(left), 409, 'order-expired');
    expectProblem(await ann.post(`/orders/${left}/cancellation`, { reason: 'late' }), 409, 'order-expired');
  });
});
