import { randomUUID } from 'node:crypto';
import { OrderStatisticsModule } from '../../src/orders/order-statistics.module.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, confirmed, expectStatus, place } from './shop.js';

const pathOf = (userId: string): string => `/users/${userId}/order-statistics`;

let database: TestDatabase;
let app: TestApp;

afterEach(async () => {
  await app.close();
  await database.drop();
});

it('a customer’s statistics include orders that are older than the read model', async () => {
  database = await createTestDatabase('sqlite');
  app = await TestApp.start(database, {}, { without: [OrderStatisticsModule] });
  const operator = await app.operator();
  const [ann, bob] = [await app.customer(), await app.customer()];
  const [mug, tea] = [await addProduct(app, 100), await addProduct(app, 100, { amount: 300, currency: 'USD' })];
  for (const [sku, quantity] of [
    [mug, 1],
    [mug, 2],
    [tea, 1],
  ] as const) {
    const orderId = await confirmed(ann, { sku, quantity });
    expectStatus(await operator.post(`/orders/${orderId}/payment`, { reference: 'pay' }), 200);
  }
  await place(ann, { sku: mug, quantity: 1 });
  expectProblem(await ann.get(pathOf(ann.userId)), 404, 'route-not-found');
  await app.close();

  app = await TestApp.start(database);

  const statisticsOf = async (asker: Person, { userId }: Person): Promise<unknown> =>
    expectStatus(await asker.get(pathOf(userId)), 200).body;
  const paidTotals = [
    { amount: 3_750, currency: 'EUR' },
    { amount: 300, currency: 'USD' },
  ];
  const [annThen, bobThen] = [app.personOf(ann), app.personOf(bob)];
  const { userId } = ann;
  await eventually(async () =>
    expect(await statisticsOf(annThen, ann)).toEqual({ userId, orders: 4, paidOrders: 3, paidTotals }),
  );
  await place(annThen, { sku: mug, quantity: 1 });
  await eventually(async () => expect(await statisticsOf(annThen, ann)).toMatchObject({ orders: 5 }));
  const none = { userId: bob.userId, orders: 0, paidOrders: 0, paidTotals: [] };
  expect(await statisticsOf(bobThen, bob)).toEqual(none);
  const operatorThen = await app.operator();
  expect(await statisticsOf(operatorThen, ann)).toMatchObject({ orders: 5 });
  expect(await statisticsOf(operatorThen, bob)).toEqual(none);

  expectProblem(await bobThen.get(pathOf(userId)), 404, 'user-not-found');
  expectProblem(await operatorThen.get(pathOf(randomUUID())), 404, 'user-not-found');
  expectProblem(await app.anyone.get(pathOf(userId)), 401, 'not-signed-in');
  expectProblem(await annThen.get(pathOf('me-too')), 400, 'validation-failed', { fields: ['userId'] });
});
