import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { ISO_TIME, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { type Row, runSql } from '../../packages/core/test/support/stored-rows.js';
import type { TestApp } from '../support/test-app.js';

export const PRICE = { amount: 1_250, currency: 'EUR' };
let products = 0;

/** A SKU that no other test in this process uses. */
export function aSku(): string {
  return `SKU-${process.pid}-${++products}`;
}

export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`Expected ${status}, and was answered ${answer.status}: ${answer.text}`);
}

/** Adds a product, and waits until it can be ordered. */
export async function addProduct(app: TestApp, stock: number, unitPrice = PRICE, sku = aSku()): Promise<string> {
  const operator = await app.operator();
  const added = await operator.post('/products', { sku, name: `Product ${sku}`, unitPrice, stock });
  await app.caughtUpWith(expectStatus(added, 201));
  await eventually(async () => expectStatus(await app.anyone.get(`/products/${sku}`), 200));
  return sku;
}

export async function place(customer: Person, ...lines: { sku: string; quantity: number }[]): Promise<string> {
  const answer = expectStatus(await customer.post('/orders', { lines }), 201);
  return (answer.body as { orderId: string }).orderId;
}

export async function orderOf(person: Person, orderId: string): Promise<OrderAnswer> {
  return expectStatus(await person.get(`/orders/${orderId}`), 200).body as OrderAnswer;
}

export async function productOf(app: TestApp, sku: string): Promise<ProductAnswer> {
  return expectStatus(await app.anyone.get(`/products/${sku}`), 200).body as ProductAnswer;
}

/** Waits until an order is as expected. */
export function untilOrder(person: Person, orderId: string, expected: Partial<OrderAnswer>): Promise<OrderAnswer> {
  return eventually(async () => {
    const order = await orderOf(person, orderId);
    expect(order).toMatchObject(expected);
    return order;
  });
}

export function untilProduct(app: TestApp, sku: string, expected: Partial<ProductAnswer>): Promise<ProductAnswer> {
  return eventually(async () => {
    const product = await productOf(app, sku);
    expect(product).toMatchObject(expected);
    return product;
  });
}

/** An order that waits for payment. */
export async function confirmed(customer: Person, ...lines: { sku: string; quantity: number }[]): Promise<string> {
  const orderId = await place(customer, ...lines);
  await untilOrder(customer, orderId, { status: 'awaiting-payment' });
  return orderId;
}

/** Asserts that `refused` stores nothing. Events of a saga don't count: they may still follow from earlier requests. */
export async function expectNothingHappens<T>(app: TestApp, refused: () => Promise<T>): Promise<T> {
  const stored = (): Promise<Row[]> =>
    runSql(app.database.url, `select max(position) as last from leftfold_events where actor not like 'saga:%'`);
  const before = await stored();
  const result = await refused();
  expect(await stored()).toEqual(before);
  return result;
}

/** The event at the position of an answer, as the audit shows it to operators. */
export async function expectEventOf(
  app: TestApp,
  answer: Answer,
  expected: { actor: string; stream: string; type: string; data: object },
): Promise<void> {
  const { position, version } = placeOf(answer);
  const [event] = await app.eventsAfter(position - 1);
  expect(event).toEqual({
    position,
    version,
    recordedAt: expect.stringMatching(ISO_TIME),
    correlationId: answer.headers['x-correlation-id'],
    causationId: null,
    ...expected,
  });
}
