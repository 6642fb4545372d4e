import { DomainEvent } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';
import type { KeptLine } from '../domain/order-line.js';

/** What was kept is to leave. */
@DomainEvent('orders.order-paid')
export class OrderPaid {
  declare readonly type: 'orders.order-paid';

  constructor(
    readonly orderId: string,
    readonly customerId: string,
    readonly reference: string,
    readonly total: Money,
    readonly lines: readonly KeptLine[],
  ) {}
}
