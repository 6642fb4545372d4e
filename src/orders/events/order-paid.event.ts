import { DomainEvent } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';
import type { KeptLine } from '../domain/order-line.js';

/** Reserved stock must be dispatched. */
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
