import { DomainEvent } from '@leftfold/core';

/** Stock has been reserved for all lines; the order waits for payment. */
@DomainEvent('orders.order-confirmed')
export class OrderConfirmed {
  declare readonly type: 'orders.order-confirmed';

  constructor(readonly orderId: string) {}
}
