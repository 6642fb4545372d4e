import { DomainEvent } from '@leftfold/core';

/** Stock is kept for all lines; now it waits for the payment. */
@DomainEvent('orders.order-confirmed')
export class OrderConfirmed {
  declare readonly type: 'orders.order-confirmed';

  constructor(readonly orderId: string) {}
}
