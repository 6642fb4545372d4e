import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import { addProduct, aSku, expectStatus, PRICE, productOf } from '../orders/shop.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { inPages } from '../support/in-pages.js';
import { useApp } from '../support/use-app.js';

describe.each(DATABASE_KINDS)('product queries on %s', (kind) => {
  const here = useApp(kind);
  /** Sorted by character code, as in lists. */
  const skus = ['A-2', 'A.1', 'B', 'a-1', 'aA', 'b'];

  beforeAll(async () => {
    for (const sku of skus.toReversed()) await addProduct(here.app, 1, PRICE, sku);
  });

  it('list products sorted by SKU, for anyone, as GET shows each', async () => {
    const answer = expectStatus(await here.app.anyone.get('/products'), 200);

    const { items, nextCursor } = answer.body as { items: ProductAnswer[]; nextCursor: string | null };
    expect(nextCursor).toBeNull();
    expect(items.map(({ sku }) => sku)).toEqual(skus);
    expect(items[2]).toEqual(await productOf(here.app, 'B'));
  });

  it.each([1, 2, 5, 200])('list them in pages of up to %d, each once', async (limit) => {
    const products = await inPages<ProductAnswer>(here.app.anyone, '/products', limit);

    expect(products.map(({ sku }) => sku)).toEqual(skus);
  });

  // The rest is the same on every database.
  if (kind !== 'sqlite') return;

  it('show it to anyone, with any token', async () => {
    const sku = await addProduct(here.app, 7);
    const body = { sku, name: `Product ${sku}`, unitPrice: PRICE, available: 7, reserved: 0, version: 1 };

    for (const by of [here.app.anyone, here.app.client('nonsense'), here.operator]) {
      const answer = await by.get(`/products/${sku}`);
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body });
    }
  });

  it('show a new change to a client that waits for its position', async () => {
    for (let round = 0; round < 5; round++) {
      const sku = aSku();
      const added = await here.operator.post('/products', { sku, name: 'x', unitPrice: PRICE, stock: round });

      const answer = await here.app.anyone.get(`/products/${sku}`, since(added));
      expect(answer).toMatchObject({ status: 200, body: { available: round } });
    }
  });

  it('answer it again only when it has changed', async () => {
    const path = `/products/${await addProduct(here.app, 1)}`;
    const seen = await here.app.anyone.get(path);
    expect(seen.headers).toMatchObject({ etag: '"1"', 'cache-control': 'private, no-cache' });

    const same = await here.app.anyone.get(path, { 'if-none-match': '"1"' });
    expect(same).toMatchObject({ status: 304, text: '', headers: { etag: '"1"' } });
    const changed = await here.operator.post(`${path}/stock`, { quantity: 1 });
    const fresh = await here.app.anyone.get(path, { 'if-none-match': '"1"', ...since(changed) });
    expect(fresh).toMatchObject({ status: 200, body: { available: 2, version: 2 } });
    expect(fresh.headers.etag).toBe(changed.headers.etag);
  });

  it.each(['nothing', 'B-', '%00', 'a%20b', 'x'.repeat(100)])('answer 404 for %s', async (none) => {
    const instance = `/products/${none}`;
    for (const headers of [undefined, { 'if-none-match': '*' }]) {
      expectProblem(await here.app.anyone.get(instance, headers), 404, 'product-not-found', { instance });
    }
  });
});
