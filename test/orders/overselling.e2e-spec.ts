import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { useApp } from '../support/use-app.js';
import { addProduct, expectStatus, place, untilProduct } from './shop.js';

const ORDERS = 80;
const PIECES = 20;

describe.each(DATABASE_KINDS)('the last pieces on %s', (kind) => {
  const here = useApp(kind, {}, { connections: 10 });

  it(`are sold once each, when ${ORDERS} orders for ${PIECES} are concurrent`, async () => {
    const sku = await addProduct(here.app, PIECES);
    const customers = [
      await here.app.customer(),
      await here.app.customer(),
      await here.app.customer(),
      await here.app.customer(),
    ];

    await Promise.all(
      Array.from({ length: ORDERS }, (_, index) => place(customers[index % customers.length]!, { sku, quantity: 1 })),
    );

    const count = async (status: string): Promise<number> => {
      const { items } = expectStatus(await here.operator.get(`/orders?status=${status}&limit=200`), 200).body as {
        items: unknown[];
      };
      return items.length;
    };
    await eventually(async () => expect(await count('rejected')).toBe(ORDERS - PIECES), 60_000);
    await eventually(async () => expect(await count('awaiting-payment')).toBe(PIECES), 60_000);
    expect(await count('placed')).toBe(0);
    await untilProduct(here.app, sku, { available: 0, reserved: PIECES });
  });
});
