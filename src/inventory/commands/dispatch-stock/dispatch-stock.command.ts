import { Command } from '@nestjs/cqrs';
import { StoredCommand } from '../../../event-sourcing/index.js';

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
