import { DomainEvent } from '@leftfold/core';
import type { KeptLine } from '../domain/order-line.js';

/** It was not paid in time; what was kept is to be released. */
@DomainEvent('orders.order-expired')
export class OrderExpired {
  declare readonly type: 'orders.order-expired';

  constructor(
    readonly orderId: string,
    readonly lines: readonly KeptLine[],
  ) {}
}
