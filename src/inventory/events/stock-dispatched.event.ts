import { DomainEvent } from '@leftfold/core';
import { endedLine } from './ended-line.js';

/** What was kept for a line has left. */
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
