import { DomainEvent } from '@leftfold/core';

/** Pieces are reserved for one line of an order. */
@DomainEvent('inventory.stock-reserved')
export class StockReserved {
  declare readonly type: 'inventory.stock-reserved';

  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
    readonly quantity: number,
  ) {}
}
