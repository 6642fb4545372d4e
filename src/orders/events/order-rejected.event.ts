import { DomainEvent } from '@leftfold/core';
import type { KeptLine } from '../domain/order-line.js';

/** Not all lines are in stock. Reserved stock must be released. */
@DomainEvent('orders.order-rejected')
export class OrderRejected {
  declare readonly type: 'orders.order-rejected';

  constructor(
    readonly orderId: string,
    readonly reason: string,
    readonly lines: readonly KeptLine[],
  ) {}
}
