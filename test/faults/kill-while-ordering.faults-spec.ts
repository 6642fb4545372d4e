import { setTimeout as sleep } from 'node:timers/promises';
import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import type { Client } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { OPERATOR, TestApp } from '../support/test-app.js';
import { expectNoHoles } from '../../packages/core/test/faults/support/expect-log.js';
import { OrderLoad } from './support/order-load.js';
import { expectBooksBalance, expectHandledOnce, expectShopQuiet, ordersOf, productsOf } from './support/order-books.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { roundsOf, seedOf } from '../../packages/core/test/faults/support/seed.js';
import { ServedApp } from '../support/served-app.js';

const KILLS = roundsOf(1);
/** A single kill is proved where several processes may write. What a transaction keeps of a kill is proved by the kernel's tests. */
const KINDS = KILLS > 1 ? DATABASE_KINDS : (['postgres'] as const);
/** More than are placed before the last kill. */
const ORDERS = 20 + 15 * KILLS;
/** Each process is killed after this many more orders, or after this many ms; all die before the last order. */
const [FEWEST_ORDERS, MOST_ORDERS] = [6, 10];
const LATEST_KILL = 150;
/** Two products with enough stock, and two that run short. */
const STOCK = { MUG: 2_000, TEA: 2_000, POT: 30, JUG: 8 } as const;

let main: string;

beforeAll(async () => {
  main = (await builtApp()).main;
});

describe.each(KINDS)('a shop on %s', (kind) => {
  let database: TestDatabase;
  let survivor: TestApp | undefined;

  beforeEach(async () => {
    database = await createAppDatabase(kind);
  });

  afterEach(async () => {
    await killLeftovers();
    await survivor?.close();
    await database.drop();
  });

  const settings = (window: string) => ({ LEASE_TTL: '1s', RATE_LIMITS: 'off', ORDER_PAYMENT_WINDOW: window });
  const start = (): Promise<ServedApp> => ServedApp.start(main, database, settings('1s'));

  it('has consistent stock and orders after every kill', async () => {
    const seed = seedOf(`shop on ${kind}`);
    let app = await start();
    const { token: operator } = await app.signIn(OPERATOR);
    const customers = await Promise.all([app.customer(), app.customer(), app.customer(), app.customer()]);
    for (const [sku, stock] of Object.entries(STOCK)) {
      const product = { sku, name: sku, unitPrice: { amount: 100, currency: 'EUR' }, stock };
      expect((await app.client(operator).post('/products', product)).status).toBe(201);
    }
    await eventually(async () => expect(await productsOf(app.client())).toHaveLength(4));
    const [{ token: early }] = customers;
    await expectToEndAs('expired', app.client(early), 'MUG', 1);
    await expectToEndAs('rejected', app.client(early), 'JUG', 1_000);
    const tokens = { operator, customers: customers.map(({ token }) => token) };
    const load = new OrderLoad(app, seed, tokens, Object.keys(STOCK), ORDERS);

    const ordering = load.run();
    // An error is thrown where it is awaited below.
    ordering.catch(() => undefined);
    const killedAt: number[] = [];
    for (;;) {
      await load.place(seed.between(FEWEST_ORDERS, MOST_ORDERS));
      await sleep(seed.between(0, LATEST_KILL));
      expect(await app.process.kill()).toMatchObject({ signal: 'SIGKILL' });
      killedAt.push(load.count.orders);
      if (killedAt.length === KILLS) break;
      app = await start();
      load.movedTo(app);
    }
    // Orders that are confirmed under this one don't expire within the test.
    survivor = await TestApp.start(database, settings('15m'));
    load.movedTo(survivor);
    await ordering;
    await expectToEndAs('awaiting-payment', survivor.client(early), 'MUG', 1);
    const last = survivor.client(operator);
    await expectShopQuiet(last, database);

    const orders = await ordersOf(last);
    const { lost, replayed, busy } = load.count;
    seed.print(
      `killed after ${killedAt.join(', ')} orders; ${lost} requests without an answer, ${replayed} of them had been ` +
        `stored, ${busy} told to come back; ${statusesOf(orders)}`,
    );
    expect(load.count.orders).toBe(ORDERS);
    expect(lost).toBeGreaterThan(0);
    expect(orders).toHaveLength(ORDERS + 3);
    const events = await readLog(database.url);
    expectNoHoles(events);
    expectHandledOnce(events);
    expectBooksBalance(orders, await productsOf(survivor.client()), STOCK, load.added);
    expect((await last.get('/dead-letters')).body).toMatchObject({ items: [] });
  }, 180_000);
});

/** An order that is left alone. Chance alone might give no such order. */
async function expectToEndAs(status: string, customer: Client, sku: string, quantity: number): Promise<void> {
  const { body } = await customer.post('/orders', { lines: [{ sku, quantity }] });
  const { orderId } = body as { orderId: string };
  await eventually(async () => {
    expect((await customer.get(`/orders/${orderId}`)).body).toMatchObject({ status });
  });
}

/** Number of orders by status. */
function statusesOf(orders: readonly { status: string }[]): string {
  const counts = new Map<string, number>();
  for (const { status } of orders) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
