import type { ProductAnswer } from '../../src/inventory/product.answer.js';
import type { EventItem } from '../../src/platform/history/event-item.js';
import { addProduct, confirmed, expectStatus, inPages, PRICE, untilProduct } from '../orders/shop.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('a product’s past on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let path: string;
  let events: EventItem[];
  /** What the product was at version 1, 2, ... */
  let states: ProductAnswer[];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
    const sku = await addProduct(app, 1);
    path = `/products/${sku}`;
    expectStatus(await operator.post(`${path}/stock`, { quantity: 4 }), 200);
    const [paid, cancelled] = [await confirmed(ann, { sku, quantity: 3 }), await confirmed(ann, { sku, quantity: 2 })];
    expectStatus(await operator.post(`/orders/${paid}/payment`, { reference: 'pay-1' }), 200);
    await untilProduct(app, sku, { reserved: 2 });
    expectStatus(await ann.post(`/orders/${cancelled}/cancellation`, { reason: 'no' }), 200);
    await untilProduct(app, sku, { reserved: 0 });
    events = (expectStatus(await operator.get(`${path}/history`), 200).body as { items: EventItem[] }).items;

    const product = { sku, name: `Product ${sku}`, unitPrice: PRICE };
    states = [
      [1, 0],
      [5, 0],
      [2, 3],
      [0, 5],
      [0, 2],
      [2, 0],
    ].map(([available, reserved], index) => ({
      ...product,
      available: available!,
      reserved: reserved!,
      version: index + 1,
    }));
  });

  afterAll(() => app.close());

  describe('its history', () => {
    it('tells what happened, oldest first, and who did it', () => {
      const [saga, { userId }] = ['saga:orders.fulfilment', operator];

      expect(
        events.map(({ version, type, actor, data }) => [version, type, actor, data.quantity ?? data.stock]),
      ).toEqual([
        [1, 'inventory.product-added', userId, 1],
        [2, 'inventory.stock-added', userId, 4],
        [3, 'inventory.stock-reserved', saga, 3],
        [4, 'inventory.stock-reserved', saga, 2],
        [5, 'inventory.stock-dispatched', saga, 3],
        [6, 'inventory.stock-released', saga, 2],
      ]);
    });

    it('tells it as the log has it', async () => {
      const logged = (await app.eventsAfter(0)).filter(
        ({ stream }) => stream === path.replace('/products/', 'product-'),
      );

      expect(events).toEqual(logged);
    });

    it.each([1, 4, 6, 200])('comes in pages of up to %d', async (limit) => {
      expect(await inPages<EventItem>(operator, `${path}/history`, limit)).toEqual(events);
    });

    it('is for operators', async () => {
      for (const each of [path, '/products/nothing']) {
        expectProblem(await ann.get(`${each}/history`), 403, 'forbidden', { instance: `${each}/history` });
        expectProblem(await app.anyone.get(`${each}/history`), 401, 'not-signed-in', { instance: `${each}/history` });
      }
    });

    it.each([
      ['limit', 'limit=0'],
      ['limit', 'limit=201'],
      ['cursor', 'cursor=x'],
      ['cursor', `cursor=${Buffer.from('"B"').toString('base64url')}`],
      ['after', 'after=1'],
    ])('refuses a bad %s: ?%s', async (field, query) => {
      expectProblem(await operator.get(`${path}/history?${query}`), 400, 'validation-failed', { fields: [field] });
    });
  });

  it('is for operators', async () => {
    for (const query of ['version=1', 'at=2999-01-01T00:00:00Z', 'version=x']) {
      expectProblem(await ann.get(`${path}?${query}`), 403, 'forbidden', { instance: path });
      expectProblem(await app.anyone.get(`${path}?${query}`), 401, 'not-signed-in', { instance: path });
    }
    expect((await app.anyone.get(path)).status).toBe(200);
  });

  it('is found by version', async () => {
    for (const [index, state] of states.entries()) {
      const answer = await operator.get(`${path}?version=${index + 1}`, { 'if-none-match': '*' });
      expect({ status: answer.status, body: answer.body as unknown }).toEqual({ status: 200, body: state });
      expect(answer.headers.etag).toBeUndefined();
    }
  });

  it('is found by time: an event counts from the moment of its recording', async () => {
    for (const { recordedAt } of events) {
      // Several may have been recorded within the same millisecond.
      const last = events.findLast((each) => each.recordedAt === recordedAt)!;
      expect((await operator.get(`${path}?at=${recordedAt}`)).body).toEqual(states[last.version - 1]);
    }
    expect((await operator.get(`${path}?at=2999-01-01T00:00:00Z`)).body).toEqual(states.at(-1));
  });

  it.each(['version=0', 'version=7', 'version=9007199254740991', 'at=1970-01-01T00:00:00Z'])(
    'was never at %s',
    async (query) => {
      expectProblem(await operator.get(`${path}?${query}`), 404, 'version-not-found', { instance: path });
    },
  );

  it('was never there when there is none', async () => {
    for (const sku of ['nothing', '%00']) {
      for (const past of ['/history', '?version=1', '?at=1970-01-01T00:00:00Z']) {
        expectProblem(await operator.get(`/products/${sku}${past}`), 404, 'product-not-found');
      }
    }
  });

  it.each([
    ['version', 'version=-1'],
    ['version', 'version=one'],
    ['version', 'version=1&at=2999-01-01T00:00:00Z'],
    ['at', 'at=yesterday'],
    ['until', 'until=2026-01-31T12:00:00Z'],
  ])('asks for a better %s than %s', async (field, query) => {
    expectProblem(await operator.get(`${path}?${query}`), 400, 'validation-failed', { fields: [field] });
  });
});
