import { unreachable } from '@leftfold/core';
import type { OrderEvent } from '../../events/order.events.js';
import { OrderView } from './order-view.entity.js';

/** Folds one event into the row. The read model and time travel share this function, so both show an order in the same way. */
export function evolveOrderView(
  before: OrderView | undefined,
  event: OrderEvent,
  { version }: { readonly version: number },
): OrderView {
  const view = Object.assign(new OrderView(), before, { version });
  switch (event.type) {
    case 'orders.order-placed': {
      const { orderId, customerId, lines, total, placedAt } = event;
      return Object.assign(view, { orderId, customerId, status: 'placed', reason: null, lines, ...total, placedAt });
    }
    case 'orders.line-reserved':
      return view;
    case 'orders.order-confirmed':
      return Object.assign(view, { status: 'awaiting-payment' });
    case 'orders.order-rejected':
      return Object.assign(view, { status: 'rejected', reason: event.reason });
    case 'orders.order-paid':
      return Object.assign(view, { status: 'paid' });
    case 'orders.order-cancelled':
      return Object.assign(view, { status: 'cancelled', reason: event.reason ?? null });
    case 'orders.order-expired':
      return Object.assign(view, { status: 'expired' });
    default:
      return unreachable(event);
  }
}
