import { someKey } from '../idempotency/keys.js';
import { addProduct, expectEventOf, expectNothingHappens, place, untilProduct } from '../orders/shop.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('POST /products/:sku/stock on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let operator: Person;
  let ann: Person;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    app = await TestApp.start(database);
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const add = (sku: string, quantity: unknown, headers?: Headers, by: Client = operator): Promise<Answer> =>
    by.post(`/products/${sku}/stock`, { quantity }, headers);

  it('adds stock', async () => {
    const sku = await addProduct(app, 1);

    const added = await add(sku, 4);

    expect(expectDone(added, 200, { sku }).version).toBe(2);
    await expectEventOf(app, added, {
      actor: operator.userId,
      stream: `product-${sku}`,
      type: 'inventory.stock-added',
      data: { sku, quantity: 4 },
    });
    expect((await app.anyone.get(`/products/${sku}`, since(added))).body).toMatchObject({ available: 5, version: 2 });
  });

  it('adds again without a key, and not with one that came before', async () => {
    const [sku, key] = [await addProduct(app, 1), someKey()];
    const added = await add(sku, 4, key);

    await expectNothingHappens(app, async () => {
      const again = await add(sku, 4, key);
      expect(expectDone(again, 200, { sku })).toEqual(placeOf(added));
      expect(again.headers['idempotent-replayed']).toBe('true');
      expectProblem(await add(sku, 5, key), 422, 'idempotency-key-reused');
    });
    expect(expectDone(await add(sku, 4), 200, { sku }).version).toBe(3);
    await untilProduct(app, sku, { available: 9, version: 3 });
  });

  it('can be ordered by who was too late before', async () => {
    const sku = await addProduct(app, 1);
    await place(ann, { sku, quantity: 1 });
    await untilProduct(app, sku, { available: 0, reserved: 1 });

    await add(sku, 2);
    await place(ann, { sku, quantity: 2 });

    await untilProduct(app, sku, { available: 0, reserved: 3 });
  });

  it('is decided on the version in If-Match', async () => {
    const sku = await addProduct(app, 1);
    expectDone(await add(sku, 1, { 'if-match': '"1"' }), 200, { sku });

    await expectNothingHappens(app, async () => {
      for (const version of ['"1"', '"3"']) {
        const late = await add(sku, 1, { 'if-match': version });
        expectProblem(late, 412, 'version-conflict', { detail: /\bactual version is 2\b/ });
      }
    });
  });

  it('lets one of many with the same If-Match through', async () => {
    const sku = await addProduct(app, 1);

    const answers = await Promise.all(Array.from({ length: 8 }, () => add(sku, 1, { 'if-match': '"1"' })));

    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(7);
    for (const each of refused) expectProblem(each, 412, 'version-conflict', { detail: /\bactual version is 2\b/ });
  });

  it('without If-Match lets all of many through, also when two processes serve them', async () => {
    const sku = await addProduct(app, 0);
    const other = await TestApp.start(database, { ROLE: 'api' });
    const there = other.personOf(operator);

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => add(sku, 1, {}, index % 2 ? there : operator)),
    );
    await other.close();

    const versions = answers.map((answer) => expectDone(answer, 200, { sku }).version);
    expect(versions.toSorted((one, next) => one - next)).toEqual(Array.from({ length: 16 }, (_, index) => index + 2));
    await untilProduct(app, sku, { available: 16, version: 17 });
  });

  it('is for operators', async () => {
    const sku = await addProduct(app, 1);

    await expectNothingHappens(app, async () => {
      for (const each of [sku, 'nothing']) {
        expectProblem(await add(each, 1, {}, ann), 403, 'forbidden', { instance: `/products/${each}/stock` });
        expectProblem(await add(each, 1, {}, app.anyone), 401, 'not-signed-in');
      }
    });
  });

  it('is not for a product that there is not', async () => {
    await expectNothingHappens(app, async () => {
      for (const sku of ['nothing', '%00', 'a%20b', 'x'.repeat(100)]) {
        expectProblem(await add(sku, 1), 404, 'product-not-found', { instance: `/products/${sku}/stock` });
      }
    });
  });

  it('refuses what is no quantity', async () => {
    const sku = await addProduct(app, 1);

    await expectNothingHappens(app, async () => {
      for (const quantity of [0, -1, 1.5, '1', 1_000_000_001, null, undefined, [1]]) {
        expectProblem(await add(sku, quantity), 400, 'validation-failed', { fields: ['quantity'] });
      }
    });
  });

  it('takes as many as it says, and no other field', async () => {
    const sku = await addProduct(app, 1);

    expectDone(await add(sku, 1_000_000_000), 200, { sku });

    const more = await operator.post(`/products/${sku}/stock`, { quantity: 1, price: 5 });
    expectProblem(more, 400, 'validation-failed', { fields: ['price'] });
  });
});
