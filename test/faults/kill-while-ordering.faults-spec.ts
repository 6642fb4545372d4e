import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import type { SubscriptionAnswer } from '../../src/operations/subscription.answer.js';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import { killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import type { Client } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { OPERATOR } from '../support/test-app.js';
import { expectNoHoles } from './support/expect-log.js';
import { OrderLoad } from './support/order-load.js';
import { readLog } from './support/read-log.js';
import { type Seed, seedOf } from './support/seed.js';
import { ServedApp } from './support/served-app.js';

const ORDERS = 300;
const KILLS = 8;
/** Two that suffice, and two that run short. */
const STOCK = { MUG: 2_000, TEA: 2_000, POT: 60, JUG: 30 } as const;

let main: string;

beforeAll(async () => {
  main = (await builtApp()).main;
}, BUILD_TIMEOUT_MS);

afterEach(killLeftovers);

describe.each(DATABASE_KINDS)('a shop on %s', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    await killLeftovers();
    await database.drop();
  });

  /** Some orders expire soon, others not at all. */
  const start = (seed: Seed): Promise<ServedApp> =>
    ServedApp.start(main, database, {
      LEASE_TTL: '1s',
      RATE_LIMITS: 'off',
      ORDER_PAYMENT_WINDOW: seed.pick(['2s', '15m']),
    });

  it(`keeps its books, whenever it is killed during ${ORDERS} orders`, async () => {
    const seed = seedOf(`shop on ${kind}`);
    let app = await start(seed);
    const { token: operator } = await app.signIn(OPERATOR);
    const customers = await Promise.all([app.customer(), app.customer(), app.customer(), app.customer()]);
    for (const [sku, stock] of Object.entries(STOCK)) {
      const product = { sku, name: sku, unitPrice: { amount: 100, currency: 'EUR' }, stock };
      expect((await app.client(operator).post('/products', product)).status).toBe(201);
    }
    await eventually(async () => expect(await productsOf(app.client())).toHaveLength(4));
    const tokens = { operator, customers: customers.map(({ token }) => token) };
    const load = new OrderLoad(app, seed, tokens, Object.keys(STOCK), ORDERS);

    let kills = 0;
    let isDone = false;
    const ordering = load.run().finally(() => (isDone = true));
    // Whoever awaits it below hears of it.
    ordering.catch(() => undefined);
    while (kills < KILLS) {
      await sleep(seed.between(50, 900));
      await app.process.kill();
      kills += 1;
      app = await start(seed);
      load.movedTo(app);
      if (isDone) break;
    }
    await ordering;
    seed.print(`${load.count.orders} orders, ${kills} kills, ${load.count.lost} lost answers, ${load.count.busy} busy`);
    expect(kills).toBeGreaterThan(2);
    expect(load.count.lost).toBeGreaterThan(0);

    await quiet(app.client(operator), database);
    await expectBooksBalance(app.client(operator), load);
    expect((await app.client(operator).get('/dead-letters')).body).toMatchObject({ items: [] });
    expectNoHoles(await readLog(database.url));
  }, 240_000);
});

/** Nothing follows any more from what was done, but what is scheduled for later. */
async function quiet(operator: Client, { url }: TestDatabase): Promise<void> {
  await eventually(async () => {
    const { items } = (await operator.get('/subscriptions')).body as { items: SubscriptionAnswer[] };
    expect(items.map(({ name, state, lag }) => ({ name, state, lag }))).toEqual(
      items.map(({ name }) => ({ name, state: 'live', lag: 0 })),
    );
    const [soon] = await runSql(
      url,
      `select count(*) as soon from saga_commands where state <> 'scheduled' or due_at < ${Date.now() + 60_000}`,
    );
    expect(Number(soon!.soon)).toBe(0);
  }, 60_000);
}

async function expectBooksBalance(operator: Client, load: OrderLoad): Promise<void> {
  const orders = await ordersOf(operator);
  expect(orders).toHaveLength(ORDERS);
  expect(new Set(orders.map(({ status }) => status))).not.toContain('placed');
  const pieces = (sku: string, status: string): number =>
    orders
      .filter((order) => order.status === status)
      .flatMap(({ lines }) => lines)
      .reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
  const books = (await productsOf(operator)).map(({ sku, available, reserved }) => ({
    sku,
    reserved,
    left: available + reserved,
  }));
  expect(books).toEqual(
    books.map(({ sku }) => ({
      sku,
      reserved: pieces(sku, 'awaiting-payment'),
      left: STOCK[sku as keyof typeof STOCK] + (load.added.get(sku) ?? 0) - pieces(sku, 'paid'),
    })),
  );
  for (const status of ['paid', 'cancelled', 'rejected']) {
    expect(orders.filter((order) => order.status === status).length).toBeGreaterThan(0);
  }
}

async function productsOf(client: Client): Promise<ProductAnswer[]> {
  return ((await client.get('/products')).body as { items: ProductAnswer[] }).items;
}

async function ordersOf(client: Client): Promise<OrderAnswer[]> {
  const orders: OrderAnswer[] = [];
  let cursor: string | null = '';
  do {
    const { body } = await client.get(`/orders?limit=200${cursor && `&cursor=${cursor}`}`);
    const page = body as { items: OrderAnswer[]; nextCursor: string | null };
    orders.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return orders;
}
