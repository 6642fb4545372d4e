import { someKey } from '../idempotency/keys.js';
import { aSku, expectEventOf, PRICE } from '../orders/shop.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('POST /products on %s', (kind) => {
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

  it('adds a product', async () => {
    const { sku, name, unitPrice, stock } = aProduct();

    const added = await operator.post('/products', { sku, name: ` ${name} `, unitPrice, stock });

    expect(expectDone(added, 201, { sku }).version).toBe(1);
    await expectEventOf(app, added, {
      actor: operator.userId,
      stream: `product-${sku}`,
      type: 'inventory.product-added',
      data: { sku, name, unitPrice, stock },
    });
    expect((await app.anyone.get(`/products/${sku}`, since(added))).body).toEqual({
      sku,
      name,
      unitPrice,
      available: stock,
      reserved: 0,
      version: 1,
    });
  });

  it('answers a repeat with its key as the first time', async () => {
    const [product, key] = [aProduct(), someKey()];
    const added = await operator.post('/products', product, key);

    await expectNothingStored(app, async () => {
      const again = await operator.post('/products', product, key);
      expect(expectDone(again, 201, { sku: product.sku })).toEqual(placeOf(added));
      expect(again.headers['idempotent-replayed']).toBe('true');
      const other = await operator.post('/products', { ...product, stock: 11 }, key);
      expectProblem(other, 422, 'idempotency-key-reused');
    });
  });

  it('refuses a SKU that there is', async () => {
    const product = aProduct();
    await operator.post('/products', product);

    await expectNothingStored(app, async () => {
      for (const again of [product, aProduct({ sku: product.sku, stock: 0 })]) {
        const refused = await operator.post('/products', again);
        expectProblem(refused, 409, 'sku-taken', { instance: '/products', detail: new RegExp(product.sku) });
      }
    });
    const inOtherSpelling = { ...product, sku: product.sku.toLowerCase() };
    expectDone(await operator.post('/products', inOtherSpelling), 201, { sku: inOtherSpelling.sku });
  });

  it('gives a SKU to one of many who ask at once', async () => {
    const product = aProduct();

    const answers = await Promise.all(Array.from({ length: 8 }, () => operator.post('/products', product)));

    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(7);
    for (const each of refused) expectProblem(each, 409, 'sku-taken');
  });

  it('refuses If-Match, because there is no version yet', async () => {
    await expectNothingStored(app, async () => {
      const refused = await operator.post('/products', aProduct(), { 'if-match': '"1"' });
      expectProblem(refused, 412, 'version-conflict', { detail: /\bactual version is 0\b/ });
    });
  });

  it('is for operators', async () => {
    await expectNothingStored(app, async () => {
      expectProblem(await ann.post('/products', aProduct()), 403, 'forbidden', { instance: '/products' });
      expectProblem(await app.anyone.post('/products', aProduct()), 401, 'not-signed-in', { instance: '/products' });
    });
  });

  it.each([
    ['the shortest SKU and name', { sku: kind[0]!, name: 'x' }],
    ['the longest SKU and name', { sku: `${kind}${'x'.repeat(64 - kind.length)}`, name: '🏺'.repeat(200) }],
    ['every character that a SKU may have', { sku: 'aZ9._-' }],
    ['no stock, for nothing', { stock: 0, unitPrice: { amount: 0, currency: 'JPY' } }],
    ['the most, at the highest price', { stock: 1_000_000_000, unitPrice: { amount: 1_000_000_000, currency: 'EUR' } }],
  ])('takes %s', async (_what, change) => {
    const product = aProduct(change);

    const added = await operator.post('/products', product);

    expectDone(added, 201, { sku: product.sku });
    const { stock, sku, ...shown } = product;
    expect((await app.anyone.get(`/products/${sku}`, since(added))).body).toMatchObject({ ...shown, available: stock });
  });

  it.each<[field: string, change: object]>([
    ...['', '-', '.a', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(65), 7, null, undefined, ['A']].map(
      (sku): [string, object] => ['sku', { sku }],
    ),
    ...['', '  ', 'x'.repeat(201), 'a\u0000b', 'a\nb', 7, null, undefined].map((name): [string, object] => [
      'name',
      { name },
    ]),
    ...[-1, 1.5, 1_000_000_001, '1', null, undefined].map((stock): [string, object] => ['stock', { stock }]),
    ...[5, '5', null, undefined, [PRICE]].map((unitPrice): [string, object] => ['unitPrice', { unitPrice }]),
    ...[-1, 0.5, 1_000_000_001, '5', null, undefined].map((amount): [string, object] => [
      'unitPrice.amount',
      { unitPrice: { amount, currency: 'EUR' } },
    ]),
    ...['EURO', 'XQQ', '', 978, null, undefined].map((currency): [string, object] => [
      'unitPrice.currency',
      { unitPrice: { amount: 5, currency } },
    ]),
    ['unitPrice.tax', { unitPrice: { ...PRICE, tax: 19 } }],
    ['available', { available: 5 }],
  ])('refuses a bad %s: %j', async (field, change) => {
    const refused = await expectNothingStored(app, () => operator.post('/products', aProduct(change)));

    expectProblem(refused, 400, 'validation-failed', { fields: [field], instance: '/products' });
  });
});
