import { OrderStatisticsModule } from '../../src/orders/order-statistics.module.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, confirmed, expectStatus, place } from './shop.js';

describe.each(DATABASE_KINDS)('the statistics of a customer on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  const statisticsOf = async (asker: Person, userId: string): Promise<unknown> =>
    expectStatus(await asker.get(`/users/${userId}/order-statistics`), 200).body;

  it('fill themselves from orders that were there before them', async () => {
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
    expectProblem(await ann.get(`/users/${ann.userId}/order-statistics`), 404, 'route-not-found');
    await app.close();

    app = await TestApp.start(database);

    const paidTotals = [
      { amount: 3_750, currency: 'EUR' },
      { amount: 300, currency: 'USD' },
    ];
    const [annThen, bobThen] = [app.personOf(ann), app.personOf(bob)];
    await eventually(async () =>
      expect(await statisticsOf(annThen, ann.userId)).toEqual({
        userId: ann.userId,
        orders: 4,
        paidOrders: 3,
        paidTotals,
      }),
    );
    await place(annThen, { sku: mug, quantity: 1 });
    await eventually(async () => expect(await statisticsOf(annThen, ann.userId)).toMatchObject({ orders: 5 }));
    expect(await statisticsOf(bobThen, bob.userId)).toEqual({
      userId: bob.userId,
      orders: 0,
      paidOrders: 0,
      paidTotals: [],
    });
    expect(await statisticsOf(await app.operator(), ann.userId)).toMatchObject({ orders: 5 });
  });

  it('are shown to nobody else', async () => {
    app = await TestApp.start(database);
    const [ann, bob] = [await app.customer(), await app.customer()];

    expectProblem(await bob.get(`/users/${ann.userId}/order-statistics`), 404, 'user-not-found');
    expectProblem(await app.anyone.get(`/users/${ann.userId}/order-statistics`), 401, 'not-signed-in');
    expectProblem(await ann.get('/users/me-too/order-statistics'), 400, 'validation-failed', { fields: ['userId'] });
  });
});
