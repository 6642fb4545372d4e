import { StoredCommand } from '@leftfold/core';
import { Command } from '@nestjs/cqrs';

@StoredCommand('inventory.release-stock', 1)
export class ReleaseStockCommand extends Command<{ sku: string }> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
  ) {
    super();
  }
}
