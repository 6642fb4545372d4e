import type { RecordedEvent } from '@leftfold/core';
import type { ProductAnswer } from '../../../src/inventory/product.answer.js';
import type { SubscriptionAnswer } from '../../../packages/operations/src/subscriptions/subscription.answer.js';
import type { OrderAnswer } from '../../../src/orders/order.answer.js';
import type { Client } from '../../support/client.js';
import { inPages } from '../../support/in-pages.js';
import type { TestDatabase } from '../../support/databases.js';
import { eventually } from '../../../packages/core/test/support/eventually.js';
import { runSql } from '../../../packages/core/test/support/stored-rows.js';

const ENDS = /^orders\.order-(rejected|paid|cancelled|expired)$/;
const STOCK_MOVES = /^inventory\.stock-(reserved|released|dispatched)$/;
/** Commands scheduled later than this are not due within the test, in ms. */
const SOON = 60_000;
const LIMIT = 60_000;

/** All work has finished, except commands that are scheduled for later. */
export async function expectShopQuiet(operator: Client, { url }: TestDatabase): Promise<void> {
  await eventually(async () => {
    const due = await runSql(
      url,
      `select name from leftfold_saga_commands where state <> 'scheduled' or due_at < ${Date.now() + SOON}`,
    );
    expect(due).toEqual([]);
    const { items } = (await operator.get('/subscriptions')).body as { items: SubscriptionAnswer[] };
    expect(items.map(({ state, lag }) => ({ state, lag }))).toEqual(items.map(() => ({ state: 'live', lag: 0 })));
    // The last of the commands may have stored an event after the first check.
    const [log] = await runSql(url, 'select max(position) as head from leftfold_events');
    expect(items.map(({ position }) => position)).toEqual(items.map(() => Number(log!.head)));
  }, LIMIT);
}

/**
 * Reserved stock is that of open orders; remaining stock is the initial and added stock minus what was dispatched
 * for paid orders.
 */
export function expectBooksBalance(
  orders: readonly OrderAnswer[],
  products: readonly ProductAnswer[],
  stock: Readonly<Record<string, number>>,
  added: ReadonlyMap<string, number>,
): void {
  const statuses = new Set(orders.map(({ status }) => status));
  expect([...statuses].toSorted()).toEqual(['awaiting-payment', 'cancelled', 'expired', 'paid', 'rejected']);
  const pieces = (sku: string, status: string): number =>
    orders
      .filter((order) => order.status === status)
      .flatMap(({ lines }) => lines)
      .reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
  const books = products.map(({ sku, available, reserved }) => ({ sku, reserved, left: available + reserved }));
  expect(books).toEqual(
    Object.keys(stock)
      .toSorted()
      .map((sku) => ({
        sku,
        reserved: pieces(sku, 'awaiting-payment'),
        left: stock[sku]! + (added.get(sku) ?? 0) - pieces(sku, 'paid'),
      })),
  );
  for (const { sku, available } of products)
    expect({ sku, isOversold: available < 0 }).toEqual({ sku, isOversold: false });
}

/** Every line was reserved, released and dispatched at most once, and every order has at most one end. */
export function expectHandledOnce(events: readonly RecordedEvent[]): void {
  const times = new Map<string, number>();
  for (const { type, data, stream } of events) {
    if (!ENDS.test(type) && !STOCK_MOVES.test(type)) continue;
    const what = JSON.stringify(ENDS.test(type) ? ['end', stream] : [type, data.orderId, data.line]);
    times.set(what, (times.get(what) ?? 0) + 1);
  }
  expect(times.size).toBeGreaterThan(0);
  expect([...times].filter(([, count]) => count > 1)).toEqual([]);
}

export async function productsOf(client: Client): Promise<ProductAnswer[]> {
  return ((await client.get('/products')).body as { items: ProductAnswer[] }).items;
}

export function ordersOf(client: Client): Promise<OrderAnswer[]> {
  return inPages(client, '/orders', 200);
}
