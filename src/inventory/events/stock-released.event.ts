import { DomainEvent } from '@leftfold/core';

/** What was kept for a line is free again; 0 when nothing was, and from then on nothing will be. */
@DomainEvent('inventory.stock-released')
export class StockReleased {
  declare readonly type: 'inventory.stock-released';

  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
    readonly quantity: number,
  ) {}
}
