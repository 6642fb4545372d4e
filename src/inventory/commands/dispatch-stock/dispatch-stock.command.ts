import { StoredCommand } from '@leftfold/core';
import { Command } from '@nestjs/cqrs';

@StoredCommand('inventory.dispatch-stock', 1)
export class DispatchStockCommand extends Command<{ sku: string }> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
  ) {
    super();
  }
}
