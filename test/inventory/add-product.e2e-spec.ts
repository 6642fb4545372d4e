import { someKey } from '../idempotency/keys.js';
import { aSku, expectEventOf, PRICE } from '../orders/shop.js';
import { since } from '../support/client.js';
import { expectDone, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';

describe('POST /products', () => {
  const here = useApp('sqlite');

  const aProduct = (change: object = {}) => ({ sku: aSku(), name: 'Blue mug', unitPrice: PRICE, stock: 10, ...change });

  it('adds a product', async () => {
    const { sku, name, unitPrice, stock } = aProduct();

    const added = await here.operator.post('/products', { sku, name: ` ${name} `, unitPrice, stock });

    expect(expectDone(added, 201, { sku }).version).toBe(1);
    await expectEventOf(here.app, added, {
      actor: here.operator.userId,
      stream: `product-${sku}`,
      type: 'inventory.product-added',
      data: { sku, name, unitPrice, stock },
    });
    expect((await here.app.anyone.get(`/products/${sku}`, since(added))).body).toEqual({
      sku,
      name,
      unitPrice,
      available: stock,
      reserved: 0,
      version: 1,
    });
  });

  it('a repeat with its key gets the first answer', async () => {
    const [product, key] = [aProduct(), someKey()];
    const added = await here.operator.post('/products', product, key);

    await expectNothingStored(here.app, async () => {
      const again = await here.operator.post('/products', product, key);
      expect(expectDone(again, 201, { sku: product.sku })).toEqual(placeOf(added));
      expect(again.headers['idempotent-replayed']).toBe('true');
      const other = await here.operator.post('/products', { ...product, stock: 11 }, key);
      expectProblem(other, 422, 'idempotency-key-reused');
    });
  });

  it('refuses a SKU that is taken', async () => {
    const product = aProduct();
    await here.operator.post('/products', product);

    await expectNothingStored(here.app, async () => {
      for (const again of [product, aProduct({ sku: product.sku, stock: 0 })]) {
        const refused = await here.operator.post('/products', again);
        expectProblem(refused, 409, 'sku-taken', { instance: '/products', detail: new RegExp(product.sku) });
      }
    });
    const inOtherSpelling = { ...product, sku: product.sku.toLowerCase() };
    expectDone(await here.operator.post('/products', inOtherSpelling), 201, { sku: inOtherSpelling.sku });
  });

  it('gives a SKU to one of many concurrent requests', async () => {
    const product = aProduct();

    const answers = await Promise.all(Array.from({ length: 8 }, () => here.operator.post('/products', product)));

    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(7);
    for (const each of refused) expectProblem(each, 409, 'sku-taken');
  });

  it('refuses If-Match, because there is no version yet', async () => {
    await expectNothingStored(here.app, async () => {
      const refused = await here.operator.post('/products', aProduct(), { 'if-match': '"1"' });
      expectProblem(refused, 412, 'version-conflict', { detail: /\bactual version is 0\b/ });
    });
  });

  it.each([
    ['the shortest SKU and name', { sku: 's', name: 'x' }],
    ['the longest SKU and name', { sku: 'x'.repeat(64), name: '🏺'.repeat(200) }],
    ['every character that a SKU may have', { sku: 'aZ9._-' }],
    ['no stock, for nothing', { stock: 0, unitPrice: { amount: 0, currency: 'JPY' } }],
    [
      'the largest stock at the highest price',
      { stock: 1_000_000_000, unitPrice: { amount: 1_000_000_000, currency: 'EUR' } },
    ],
  ])('takes %s', async (_what, change) => {
    const product = aProduct(change);

    const added = await here.operator.post('/products', product);

    expectDone(added, 201, { sku: product.sku });
    const { stock, sku, ...shown } = product;
    expect((await here.app.anyone.get(`/products/${sku}`, since(added))).body).toMatchObject({
      ...shown,
      available: stock,
    });
  });

  it.each<[field: string, bad: readonly unknown[], change: (value: unknown) => object]>([
    ['sku', ['', '-', '.a', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(65), 7, null, undefined, ['A']], (sku) => ({ sku })],
    ['name', ['', '  ', 'x'.repeat(201), 'a\u0000b', 'a\nb', 7, null, undefined], (name) => ({ name })],
    ['stock', [-1, 1.5, 1_000_000_001, '1', null, undefined], (stock) => ({ stock })],
    ['unitPrice', [5, '5', null, undefined, [PRICE]], (unitPrice) => ({ unitPrice })],
    [
      'unitPrice.amount',
      [-1, 0.5, 1_000_000_001, '5', null, undefined],
      (amount) => ({ unitPrice: { amount, currency: 'EUR' } }),
    ],
    [
      'unitPrice.currency',
      ['EURO', 'XQQ', 'eur', 'Eur', '', 978, null, undefined],
      (currency) => ({ unitPrice: { amount: 5, currency } }),
    ],
    ['unitPrice.tax', [19], (tax) => ({ unitPrice: { ...PRICE, tax } })],
    ['available', [5], (available) => ({ available })],
  ])('refuses a bad %s', async (field, bad, change) => {
    await expectNothingStored(here.app, async () => {
      for (const value of bad) {
        const refused = await here.operator.post('/products', aProduct(change(value)));
        expectProblem(refused, 400, 'validation-failed', { fields: [field], instance: '/products' });
      }
    });
  });
});
