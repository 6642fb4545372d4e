import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import type { EventItem } from '../../src/platform/history/event-item.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectNothingStored, expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { aSku, addProduct, expectStatus, PRICE } from '../orders/shop.js';

describe.each(DATABASE_KINDS)('products on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
  });

  afterAll(() => app.close());

  const aProduct = (change: object = {}) => ({ sku: aSku(), name: 'Blue mug', unitPrice: PRICE, stock: 10, ...change });

  it('are added by operators, and anyone sees them at once who waits for the position', async () => {
    const product = aProduct();
    const added = await operator.post('/products', product);

    expect(expectDone(added, 201, { sku: product.sku }).version).toBe(1);
    const seen = await app.anyone.get(`/products/${product.sku}`, since(added));
    expect(seen.body).toEqual({
      sku: product.sku,
      name: product.name,
      unitPrice: PRICE,
      available: 10,
      reserved: 0,
      version: 1,
    });
    expect(seen.headers.etag).toBe('"1"');
    const again = await app.anyone.get(`/products/${product.sku}`, { 'if-none-match': '"1"' });
    expect(again.status).toBe(304);
  });

  it('have their stock added to, once for each request', async () => {
    const sku = await addProduct(app, 1);
    const key = { 'idempotency-key': `stock of ${sku}` };
    const added = await operator.post(`/products/${sku}/stock`, { quantity: 4 }, key);
    const again = await operator.post(`/products/${sku}/stock`, { quantity: 4 }, key);

    expect(expectDone(added, 200, { sku }).version).toBe(2);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await app.anyone.get(`/products/${sku}`, since(added))).body).toMatchObject({ available: 5, version: 2 });
  });

  it('have one SKU each, also when two ask at once', async () => {
    const product = aProduct();
    const answers = await Promise.all([operator.post('/products', product), operator.post('/products', product)]);

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409]);
    expectProblem(
      answers.find(({ status }) => status === 409)!,
      409,
      'sku-taken',
      { instance: '/products' },
    );
    expectProblem(await operator.post('/products', product), 409, 'sku-taken');
  });

  it('are changed by operators alone', async () => {
    const sku = await addProduct(app, 1);

    await expectNothingStored(app, async () => {
      expectProblem(await ann.post('/products', aProduct()), 403, 'forbidden');
      expectProblem(await app.anyone.post('/products', aProduct()), 401, 'not-signed-in');
      expectProblem(await ann.post(`/products/${sku}/stock`, { quantity: 1 }), 403, 'forbidden');
      expectProblem(await app.anyone.post(`/products/${sku}/stock`, { quantity: 1 }), 401, 'not-signed-in');
      expectProblem(await ann.get(`/products/${sku}/history`), 403, 'forbidden');
    });
  });

  it('are not changed at a version that has moved on', async () => {
    const sku = await addProduct(app, 1);
    expectStatus(await operator.post(`/products/${sku}/stock`, { quantity: 1 }, { 'if-match': '"1"' }), 200);

    const late = await operator.post(`/products/${sku}/stock`, { quantity: 1 }, { 'if-match': '"1"' });

    expectProblem(late, 412, 'version-conflict');
  });

  it.each([
    ['sku', { sku: '-' }],
    ['sku', { sku: 'a b' }],
    ['sku', { sku: 'x'.repeat(65) }],
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(201) }],
    ['stock', { stock: -1 }],
    ['stock', { stock: 1.5 }],
    ['stock', { stock: 1_000_000_001 }],
    ['unitPrice', { unitPrice: 5 }],
    ['unitPrice', { unitPrice: undefined }],
    ['unitPrice.amount', { unitPrice: { amount: -1, currency: 'EUR' } }],
    ['unitPrice.amount', { unitPrice: { amount: '5', currency: 'EUR' } }],
    ['unitPrice.currency', { unitPrice: { amount: 5, currency: 'EURO' } }],
    ['colour', { colour: 'blue' }],
  ])('refuse a bad %s: %j', async (field, change) => {
    const refused = await expectNothingStored(app, () => operator.post('/products', aProduct(change)));

    expectProblem(refused, 400, 'validation-failed', { fields: [field] });
  });

  it.each([0, -1, 1.5, '1', 1_000_000_001])('refuse %j more pieces', async (quantity) => {
    const sku = await addProduct(app, 1);
    const refused = await operator.post(`/products/${sku}/stock`, { quantity });

    expectProblem(refused, 400, 'validation-failed', { fields: ['quantity'] });
  });

  it.each(['nothing', '%00', 'a%20b', 'x'.repeat(100)])('are not found under %s', async (sku) => {
    for (const path of [`/products/${sku}`, `/products/${sku}/history`, `/products/${sku}?version=1`]) {
      expectProblem(await operator.get(path), 404, 'product-not-found');
    }
    expectProblem(await operator.post(`/products/${sku}/stock`, { quantity: 1 }), 404, 'product-not-found');
  });

  it('are listed in the order of their SKUs, page by page', async () => {
    for (let count = 0; count < 5; count++) await addProduct(app, 1);
    const seen: string[] = [];

    let cursor: string | null = '';
    do {
      const page = await app.anyone.get(`/products?limit=2${cursor && `&cursor=${cursor}`}`);
      const { items, nextCursor } = expectStatus(page, 200).body as {
        items: ProductAnswer[];
        nextCursor: string | null;
      };
      seen.push(...items.map(({ sku }) => sku));
      cursor = nextCursor;
    } while (cursor !== null);

    const all = (await app.anyone.get('/products?limit=200')).body as { items: ProductAnswer[] };
    expect(seen).toEqual(all.items.map(({ sku }) => sku));
    expect(seen).toEqual(seen.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(seen.length).toBeGreaterThan(4);
    expectProblem(await app.anyone.get('/products?cursor=x'), 400, 'validation-failed', { fields: ['cursor'] });
  });

  it('show what they were at a version and at a time, and their history', async () => {
    const sku = await addProduct(app, 1);
    expectStatus(await operator.post(`/products/${sku}/stock`, { quantity: 4 }), 200);

    const { items } = (await operator.get(`/products/${sku}/history`)).body as { items: EventItem[] };
    expect(items).toMatchObject([
      { version: 1, type: 'inventory.product-added', actor: operator.userId, data: { sku, stock: 1 } },
      { version: 2, type: 'inventory.stock-added', data: { sku, quantity: 4 } },
    ]);
    for (const moment of ['version=1', `at=${items[0]!.recordedAt}`]) {
      const past = expectStatus(await app.anyone.get(`/products/${sku}?${moment}`), 200);
      expect(past.headers.etag).toBeUndefined();
      // Both may have been recorded within the same millisecond.
      const isSame = moment !== 'version=1' && items[0]!.recordedAt === items[1]!.recordedAt;
      expect(past.body).toMatchObject(isSame ? { version: 2 } : { available: 1, version: 1 });
    }
    expectProblem(await app.anyone.get(`/products/${sku}?version=3`), 404, 'version-not-found');
    expectProblem(await app.anyone.get(`/products/${sku}?at=2020-01-01T00:00:00Z`), 404, 'version-not-found');
  });
});
