import { DomainEvent } from '@leftfold/core';

/** What was kept for a line has left. */
@DomainEvent('inventory.stock-dispatched')
export class StockDispatched {
  declare readonly type: 'inventory.stock-dispatched';

  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
    readonly quantity: number,
  ) {}
}
