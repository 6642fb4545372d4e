import { DomainEvent } from '@leftfold/core';
import { endedLine } from './ended-line.js';

/** The pieces reserved for a line have left the warehouse. */
@DomainEvent('inventory.stock-dispatched', {
  tags: ({ sku, orderId, line }: StockDispatched) => endedLine(sku, { orderId, line }),
})
export class StockDispatched {
  declare readonly type: 'inventory.stock-dispatched';

  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
    readonly quantity: number,
  ) {}
}
