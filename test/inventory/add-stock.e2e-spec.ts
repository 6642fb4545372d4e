import { someKey } from '../idempotency/keys.js';
import { addProduct, expectEventOf, expectNothingHappens, place, untilProduct } from '../orders/shop.js';
import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import { TestApp } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';

const addBy = (by: Client, sku: string, quantity: unknown, headers?: Headers): Promise<Answer> =>
  by.post(`/products/${sku}/stock`, { quantity }, headers);

const placeHeaders = ({ headers }: Answer): object => ({
  'leftfold-position': headers['leftfold-position'],
  etag: headers.etag,
});

describe('POST /products/:sku/stock', () => {
  const here = useApp('sqlite');

  const add = (sku: string, quantity: unknown, headers?: Headers): Promise<Answer> =>
    addBy(here.operator, sku, quantity, headers);

  it('adds stock', async () => {
    const sku = await addProduct(here.app, 1);

    const added = await add(sku, 4);

    expect(expectDone(added, 200, { sku }).version).toBe(2);
    await expectEventOf(here.app, added, {
      actor: here.operator.userId,
      stream: `product-${sku}`,
      type: 'inventory.stock-added',
      data: { sku, quantity: 4 },
    });
    expect((await here.app.anyone.get(`/products/${sku}`, since(added))).body).toMatchObject({
      available: 5,
      version: 2,
    });
  });

  it('adds once for a key in any spelling of the path, but not to a product in other case', async () => {
    const [quiet, key] = [await addProduct(here.app, 1), someKey()];
    const loud = quiet === quiet.toUpperCase() ? quiet.toLowerCase() : quiet.toUpperCase();
    await here.operator.post('/products', {
      sku: loud,
      name: 'Loud',
      unitPrice: { amount: 1, currency: 'EUR' },
      stock: 0,
    });
    const added = await add(quiet, 4, key);

    const escaped = Array.from(Buffer.from(quiet), (byte) => `%${byte.toString(16)}`).join('');
    expect((await add(escaped, 4, key)).headers).toMatchObject({
      'idempotent-replayed': 'true',
      ...placeHeaders(added),
    });
    expect(expectDone(await add(loud, 4, key), 200, { sku: loud }).version).toBe(2);
    expect((await add(quiet, 5, key)).status).toBe(422);
  });

  it('adds once for a key, and again without one', async () => {
    const [sku, key] = [await addProduct(here.app, 1), someKey()];
    const added = await add(sku, 4, key);

    await expectNothingHappens(here.app, async () => {
      const again = await add(sku, 4, key);
      expect(expectDone(again, 200, { sku })).toEqual(placeOf(added));
      expect(again.headers['idempotent-replayed']).toBe('true');
      expectProblem(await add(sku, 5, key), 422, 'idempotency-key-reused');
    });
    expect(expectDone(await add(sku, 4), 200, { sku }).version).toBe(3);
    await untilProduct(here.app, sku, { available: 9, version: 3 });
  });

  it('can be ordered once it is added', async () => {
    const sku = await addProduct(here.app, 1);
    await place(here.ann, { sku, quantity: 1 });
    await untilProduct(here.app, sku, { available: 0, reserved: 1 });

    await add(sku, 2);
    await place(here.ann, { sku, quantity: 2 });

    await untilProduct(here.app, sku, { available: 0, reserved: 3 });
  });

  it('is decided on the version in If-Match', async () => {
    const sku = await addProduct(here.app, 1);
    expectDone(await add(sku, 1, { 'if-match': '"1"' }), 200, { sku });

    await expectNothingHappens(here.app, async () => {
      for (const version of ['"1"', '"3"']) {
        const late = await add(sku, 1, { 'if-match': version });
        expectProblem(late, 412, 'version-conflict', { detail: /\bactual version is 2\b/ });
      }
    });
  });

  it('is for a product that exists', async () => {
    await expectNothingHappens(here.app, async () => {
      for (const sku of ['nothing', '%00', 'a%20b', 'x'.repeat(100)]) {
        expectProblem(await add(sku, 1), 404, 'product-not-found', { instance: `/products/${sku}/stock` });
      }
    });
  });

  it('takes a quantity of 1 to 1,000,000,000, and no other field', async () => {
    const sku = await addProduct(here.app, 1);

    await expectNothingHappens(here.app, async () => {
      for (const quantity of [0, -1, 1.5, '1', 1_000_000_001, null, undefined, [1]]) {
        expectProblem(await add(sku, quantity), 400, 'validation-failed', { fields: ['quantity'] });
      }
      const more = await here.operator.post(`/products/${sku}/stock`, { quantity: 1, price: 5 });
      expectProblem(more, 400, 'validation-failed', { fields: ['price'] });
    });
    expectDone(await add(sku, 1_000_000_000), 200, { sku });
  });
});

describe.each(DATABASE_KINDS)('stock on %s', (kind) => {
  let database: TestDatabase;
  const apps: TestApp[] = [];

  afterEach(async () => {
    await Promise.all(apps.map((each) => each.close()));
    await database.drop();
  });

  it('all additions are stored when many are concurrent, on two nodes', async () => {
    database = await createAppDatabase(kind);
    const app = await TestApp.start(database);
    const api = await TestApp.start(database, { ROLE: 'api' });
    apps.push(app, api);
    const sku = await addProduct(app, 0);
    const here = await app.operator();
    const there = api.personOf(here);

    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => addBy(n % 2 ? there : here, sku, 1)));

    const versions = answers.map((answer) => expectDone(answer, 200, { sku }).version);
    expect(versions.toSorted((one, next) => one - next)).toEqual(Array.from({ length: 16 }, (_, index) => index + 2));
    await untilProduct(app, sku, { available: 16, version: 17 });
  });
});
