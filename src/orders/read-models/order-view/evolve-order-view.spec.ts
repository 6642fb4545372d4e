import { OrderCancelled } from '../../events/order-cancelled.event.js';
import type { OrderEvent } from '../../events/order.events.js';
import {
  aCancelledOrder,
  anExpiredOrder,
  aPaidOrder,
  aPlacedOrder,
  aRejectedOrder,
  awaitingPayment,
  CUSTOMER_ID,
  LINES,
  NOW,
  ORDER_ID,
} from '../../testing/order.fixtures.js';
import { evolveOrderView } from './evolve-order-view.js';
import type { OrderView } from './order-view.entity.js';

const fold = (...events: OrderEvent[]): OrderView => {
  let view: OrderView | undefined;
  events.forEach((event, index) => {
    view = evolveOrderView(view, event, { version: index + 1 });
  });
  return view!;
};

describe('the view of an order', () => {
  it('starts with the values of the placed order', () =>
    expect(fold(aPlacedOrder())).toEqual({
      orderId: ORDER_ID,
      customerId: CUSTOMER_ID,
      status: 'placed',
      reason: null,
      lines: LINES,
      amount: 2_999,
      currency: 'EUR',
      placedAt: NOW.toISOString(),
      version: 1,
    }));

  it.each<[string, OrderEvent[], Partial<OrderView>]>([
    ['awaiting-payment', [], { reason: null, version: 4 }],
    ['paid', [aPaidOrder()], { reason: null, version: 5 }],
    ['cancelled', [aCancelledOrder()], { reason: 'changed my mind', version: 5 }],
    ['expired', [anExpiredOrder()], { reason: null, version: 5 }],
  ])('shows that it is %s', (status, events, expected) =>
    expect(fold(...awaitingPayment, ...events)).toMatchObject({ status, ...expected }),
  );

  it('has no reason of a customer who is forgotten', () =>
    expect(fold(aPlacedOrder(), new OrderCancelled(ORDER_ID, CUSTOMER_ID, undefined, []))).toMatchObject({
      status: 'cancelled',
      reason: null,
    }));

  it('shows why it was rejected', () =>
    expect(fold(aPlacedOrder(), aRejectedOrder())).toMatchObject({
      status: 'rejected',
      reason: 'There is not enough of TEA in stock.',
      version: 2,
    }));
});
