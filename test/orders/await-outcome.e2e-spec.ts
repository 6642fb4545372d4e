import { EventLog } from '@leftfold/core';
import { jest } from '@jest/globals';
import { OutcomeWaits } from '../../packages/http/src/outcomes/outcome-waits.js';
import type { OrderAnswer } from '../../src/orders/order.answer.js';
import { pauseWholly } from '../operations/operating.js';
import { type Answer, since } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';
import { addProduct, place } from './shop.js';

const order = (by: Person, sku: string, headers: Record<string, string>, quantity = 1): Promise<Answer> =>
  by.post('/orders', { lines: [{ sku, quantity }] }, headers);
const orderIdOf = ({ body }: Answer): string => (body as { orderId: string }).orderId;

describe.each(DATABASE_KINDS)('POST /orders with Prefer: wait, on a node that runs no saga, on %s', (kind) => {
  let database: TestDatabase;
  let worker: TestApp;
  let api: TestApp;
  let ann: Person;
  let sku: string;

  beforeAll(async () => {
    database = await createAppDatabase(kind);
    worker = await TestApp.start(database);
    api = await TestApp.start(database, { ROLE: 'api' });
    ann = api.personOf(await worker.customer());
    sku = await addProduct(worker, 10);
  });

  afterAll(async () => {
    await api.close();
    await worker.close();
    await database.drop();
  });

  it.each([
    ['awaits payment', 1, { status: 'awaiting-payment', reason: null }],
    ['is rejected', 1_000, { status: 'rejected', reason: expect.stringContaining('not enough') }],
  ])('answers with the order once it %s', async (_what, quantity, expected) => {
    const answer = await order(ann, sku, { prefer: 'wait=25' }, quantity);

    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201, body: expected });
    const { orderId, version } = answer.body as OrderAnswer;
    expect(answer.headers).toMatchObject({ 'preference-applied': 'wait=25', etag: `"${version}"` });
    expect(answer.headers).not.toHaveProperty('location');
    const read = await ann.get(`/orders/${orderId}`, since(answer));
    expect(read.body).toEqual(answer.body);
  });
});

describe('POST /orders, on one node', () => {
  const here = useApp('sqlite');
  let sku: string;

  beforeAll(async () => {
    sku = await addProduct(here.app, 100);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await here.operator.post('/subscriptions/orders.fulfilment/resume');
  });

  it('changes nothing without a preference for waiting', async () => {
    for (const headers of [{}, { prefer: 'respond-async' }] as Record<string, string>[]) {
      const answer = await order(here.ann, sku, headers);
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 201,
        body: { orderId: expect.any(String) },
      });
      expect(answer.headers).not.toHaveProperty('preference-applied');
      expect(placeOf(answer).version).toBe(1);
    }
  });

  it('answers 202 with a location when the outcome is not there in time, and a repeat gets the outcome', async () => {
    await pauseWholly(here.operator, 'orders.fulfilment');
    const key = { 'idempotency-key': 'slow' };

    const answer = await order(here.ann, sku, { prefer: 'wait=1', ...key });

    const orderId = orderIdOf(answer);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: { orderId } });
    expect(answer.headers).toMatchObject({ location: `/orders/${orderId}`, 'preference-applied': 'wait=1' });
    expect(placeOf(answer).version).toBe(1);

    await here.operator.post('/subscriptions/orders.fulfilment/resume');
    const again = await order(here.ann, sku, { prefer: 'wait=25', ...key });
    expect(again).toMatchObject({ status: 201, body: { orderId, status: 'awaiting-payment' } });
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('answers the position of the version that it shows, when the order has gone on since', async () => {
    const key = { prefer: 'wait=25', 'idempotency-key': 'gone on' };
    const orderId = orderIdOf(await order(here.ann, sku, key));
    const cancelled = await here.ann.post(`/orders/${orderId}/cancellation`, { reason: 'late' });
    await here.ann.get(`/orders/${orderId}`, since(cancelled));

    const again = await order(here.ann, sku, key);

    expect(again).toMatchObject({ status: 201, body: { orderId, status: 'cancelled' } });
    expect(placeOf(again)).toEqual(placeOf(cancelled));
  });

  it('takes no outcome of another order with the same correlation id', async () => {
    await pauseWholly(here.operator, 'orders.fulfilment');
    const correlated = { 'x-correlation-id': 'shared' };
    const [one, other] = [order(here.ann, sku, { prefer: 'wait=25', ...correlated }), order(here.ann, sku, correlated)];
    const second = orderIdOf(await other);
    await here.operator.post('/subscriptions/orders.fulfilment/resume');

    const first = (await one).body as OrderAnswer;

    expect(first.orderId).not.toBe(second);
    expect(first.status).toBe('awaiting-payment');
  });

  it('reads the log once for all that wait', async () => {
    await pauseWholly(here.operator, 'orders.fulfilment');
    const waits = here.app.nest.get(OutcomeWaits, { strict: false });
    const waiting = Promise.all(Array.from({ length: 10 }, () => order(here.bob, sku, { prefer: 'wait=6' })));
    await eventually(() => expect(waits['waiting']).toBe(10));
    const head = await here.app.head();
    const readAll = jest.spyOn(here.app.nest.get(EventLog), 'readAll');

    await place(here.ann, { sku, quantity: 1 });

    const answers = await waiting;
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(await here.app.head()).toBeGreaterThan(head);
    const ofWaiting = readAll.mock.calls.filter(
      ([{ types }]) => types?.includes('orders.order-confirmed') && types.length === 2,
    );
    expect(readAll.mock.calls.length).toBeGreaterThan(0);
    expect(ofWaiting.length).toBeLessThan(answers.length);
  });
});
