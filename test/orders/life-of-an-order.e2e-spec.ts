import { useApp } from '../support/use-app.js';
import { addProduct, confirmed, expectStatus, place, PRICE, untilOrder, untilProduct } from './shop.js';

describe('the life of an order', () => {
  const here = useApp('sqlite');

  it('is placed, has its stock reserved, is paid, and its stock is dispatched', async () => {
    const [mug, tea] = [
      await addProduct(here.app, 10),
      await addProduct(here.app, 5, { amount: 499, currency: 'EUR' }),
    ];
    const orderId = await place(here.ann, { sku: mug, quantity: 2 }, { sku: tea, quantity: 1 });

    const order = await untilOrder(here.ann, orderId, { status: 'awaiting-payment' });
    expect(order).toMatchObject({
      orderId,
      customerId: here.ann.userId,
      reason: null,
      lines: [
        { sku: mug, quantity: 2, unitPrice: PRICE },
        { sku: tea, quantity: 1, unitPrice: { amount: 499, currency: 'EUR' } },
      ],
      total: { amount: 2_999, currency: 'EUR' },
      version: 4,
    });
    await untilProduct(here.app, mug, { available: 8, reserved: 2 });

    expectStatus(await here.operator.post(`/orders/${orderId}/payment`, { reference: 'pay-1' }), 200);
    await untilOrder(here.ann, orderId, { status: 'paid' });
    await untilProduct(here.app, mug, { available: 8, reserved: 0 });
    await untilProduct(here.app, tea, { available: 4, reserved: 0 });
  });

  it('is rejected when one line is short, and keeps no stock', async () => {
    const [much, little, more] = [
      await addProduct(here.app, 10),
      await addProduct(here.app, 1),
      await addProduct(here.app, 10),
    ];
    const orderId = await place(
      here.ann,
      { sku: much, quantity: 3 },
      { sku: little, quantity: 2 },
      { sku: more, quantity: 4 },
    );

    const reason = `There is not enough of ${little} in stock.`;
    await untilOrder(here.ann, orderId, { status: 'rejected', reason });
    for (const sku of [much, more]) await untilProduct(here.app, sku, { available: 10, reserved: 0 });
    await untilProduct(here.app, little, { available: 1, reserved: 0 });
    expect(await here.operator.get('/dead-letters')).toMatchObject({ body: { items: [] } });
  });

  it('is cancelled by its customer, and keeps no stock', async () => {
    const sku = await addProduct(here.app, 10);
    const orderId = await confirmed(here.ann, { sku, quantity: 3 });
    await untilProduct(here.app, sku, { available: 7, reserved: 3 });

    expectStatus(await here.ann.post(`/orders/${orderId}/cancellation`, { reason: 'changed my mind' }), 200);

    await untilOrder(here.ann, orderId, { status: 'cancelled', reason: 'changed my mind' });
    await untilProduct(here.app, sku, { available: 10, reserved: 0 });
  });

  it('is cancelled before its stock is reserved, and keeps no stock', async () => {
    const sku = await addProduct(here.app, 10);
    const orderId = await place(here.ann, { sku, quantity: 3 });
    expectStatus(await here.ann.post(`/orders/${orderId}/cancellation`, { reason: 'at once' }), 200);

    await untilOrder(here.ann, orderId, { status: 'cancelled' });
    await untilProduct(here.app, sku, { available: 10, reserved: 0 });
  });
});
