import { DomainEvent } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';
import type { OrderLine } from '../domain/order-line.js';

@DomainEvent('orders.order-placed')
export class OrderPlaced {
  declare readonly type: 'orders.order-placed';

  constructor(
    readonly orderId: string,
    readonly customerId: string,
    readonly lines: readonly OrderLine[],
    readonly total: Money,
    readonly placedAt: string,
  ) {}
}
