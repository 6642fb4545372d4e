import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { TestApp } from '../support/test-app.js';
import { addProduct, expectStatus, place, untilProduct } from './shop.js';

const ORDERS = 200;
const PIECES = 50;

describe.each(DATABASE_KINDS)('the last pieces on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind);
  });

  afterAll(() => app.close());

  it(`are sold once each, when ${ORDERS} ask for ${PIECES} at once`, async () => {
    const sku = await addProduct(app, PIECES);
    const customers = [await app.customer(), await app.customer(), await app.customer(), await app.customer()];
    const operator = await app.operator();

    await Promise.all(
      Array.from({ length: ORDERS }, (_, index) => place(customers[index % customers.length]!, { sku, quantity: 1 })),
    );

    const count = async (status: string): Promise<number> => {
      const { items } = expectStatus(await operator.get(`/orders?status=${status}&limit=200`), 200).body as {
        items: unknown[];
      };
      return items.length;
    };
    await eventually(async () => {
      const counts = { awaiting: await count('awaiting-payment'), rejected: await count('rejected') };
      expect(counts).toEqual({ awaiting: PIECES, rejected: ORDERS - PIECES });
    }, 60_000);
    expect(await count('placed')).toBe(0);
    await untilProduct(app, sku, { available: 0, reserved: PIECES });
  }, 120_000);
});
