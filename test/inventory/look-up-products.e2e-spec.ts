import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import { addProduct, aSku, expectStatus, inPages, PRICE, productOf } from '../orders/shop.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('looking products up on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let sku: string;
  /** In the order of their characters' codes, as lists have them. */
  const others = ['A-2', 'A.1', 'B', 'a-1', 'aA', 'b'];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    sku = await addProduct(app, 7);
    for (const other of others.toReversed()) await addProduct(app, 1, PRICE, other);
  });

  afterAll(() => app.close());

  it('shows one to anyone, whatever token they have', async () => {
    const product = { sku, name: `Product ${sku}`, unitPrice: PRICE, available: 7, reserved: 0, version: 1 };

    for (const by of [app.anyone, app.client('nonsense'), operator]) {
      expect(await by.get(`/products/${sku}`)).toMatchObject({ status: 200, body: product });
    }
    expect(await productOf(app, sku)).toEqual(product);
  });

  it('shows what was just written, to who waits for it', async () => {
    for (let round = 0; round < 5; round++) {
      const added = await operator.post('/products', { sku: aSku(), name: 'x', unitPrice: PRICE, stock: round });
      const path = `/products/${(added.body as { sku: string }).sku}`;

      expect(await app.anyone.get(path, since(added))).toMatchObject({ status: 200, body: { available: round } });
    }
  });

  it('answers one again only when it has changed', async () => {
    const path = `/products/${await addProduct(app, 1)}`;
    const seen = await app.anyone.get(path);
    expect(seen.headers).toMatchObject({ etag: '"1"', 'cache-control': 'private, no-cache' });

    const same = await app.anyone.get(path, { 'if-none-match': '"1"' });
    expect({ status: same.status, text: same.text, etag: same.headers.etag }).toEqual({
      status: 304,
      text: '',
      etag: '"1"',
    });
    const changed = await operator.post(`${path}/stock`, { quantity: 1 });
    const fresh = await app.anyone.get(path, { 'if-none-match': '"1"', ...since(changed) });
    expect(fresh).toMatchObject({ status: 200, body: { available: 2, version: 2 } });
    expect(fresh.headers.etag).toBe(changed.headers.etag);
  });

  it.each(['nothing', 'B-', '%00', 'a%20b', 'x'.repeat(100)])('finds none under %s', async (none) => {
    for (const headers of [undefined, { 'if-none-match': '*' }]) {
      expectProblem(await app.anyone.get(`/products/${none}`, headers), 404, 'product-not-found', {
        instance: `/products/${none}`,
      });
    }
  });

  it('lists them in the order of their SKUs, to anyone, as a look-up shows them', async () => {
    const answer = expectStatus(await app.anyone.get('/products?limit=200'), 200);

    const { items, nextCursor } = answer.body as { items: ProductAnswer[]; nextCursor: string | null };
    expect(nextCursor).toBeNull();
    const skus = items.map((each) => each.sku);
    expect(skus.filter((each) => others.includes(each))).toEqual(others);
    expect(skus).toEqual(skus.toSorted());
    expect(items.find((each) => each.sku === sku)).toEqual(await productOf(app, sku));
    expect(answer.headers.etag).toBeUndefined();
  });

  it.each([1, 2, 5, 200])('lists them in pages of up to %d, each once', async (limit) => {
    const { items } = (await app.anyone.get('/products?limit=200')).body as { items: ProductAnswer[] };

    expect(await inPages<ProductAnswer>(app.anyone, '/products', limit)).toEqual(items);
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['cursor', 'cursor='],
    ['cursor', 'cursor=x'],
    ['cursor', `cursor=${Buffer.from('7').toString('base64url')}`],
    ['cursor', `cursor=${Buffer.from('"a b"').toString('base64url')}`],
    ['name', 'name=x'],
  ])('refuses a bad %s: ?%s', async (field, query) => {
    expectProblem(await app.anyone.get(`/products?${query}`), 400, 'validation-failed', {
      fields: [field],
      instance: '/products',
    });
  });
});
