import { DomainEvent } from '@leftfold/core';
import type { KeptLine } from '../domain/order-line.js';

/** Reserved stock must be released. */
@DomainEvent('orders.order-cancelled')
export class OrderCancelled {
  declare readonly type: 'orders.order-cancelled';

  constructor(
    readonly orderId: string,
    readonly reason: string,
    readonly lines: readonly KeptLine[],
  ) {}
}
