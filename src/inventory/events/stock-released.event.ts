import { DomainEvent } from '@leftfold/core';
import { endedLine } from './ended-line.js';

/** What was kept for a line is free again; 0 when nothing was, and from then on nothing will be. */
@DomainEvent('inventory.stock-released', {
  tags: ({ sku, orderId, line }: StockReleased) => endedLine(sku, { orderId, line }),
})
export class StockReleased {
  declare readonly type: 'inventory.stock-released';

  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
    readonly quantity: number,
  ) {}
}
