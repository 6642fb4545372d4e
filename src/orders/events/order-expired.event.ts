import { DomainEvent } from '@leftfold/core';
import type { KeptLine } from '../domain/order-line.js';

/** The order was not paid in time. Reserved stock must be released. */
@DomainEvent('orders.order-expired')
export class OrderExpired {
  declare readonly type: 'orders.order-expired';

  constructor(
    readonly orderId: string,
    readonly lines: readonly KeptLine[],
  ) {}
}
