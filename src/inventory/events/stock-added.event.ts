import { DomainEvent } from '@leftfold/core';

@DomainEvent('inventory.stock-added')
export class StockAdded {
  declare readonly type: 'inventory.stock-added';

  constructor(
    readonly sku: string,
    readonly quantity: number,
  ) {}
}
