import { DomainEvent } from '@leftfold/core';
import { endedLine } from './ended-line.js';

/** The pieces reserved for a line are available again. The quantity is 0 when none were reserved; the line can reserve none afterwards. */
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
