import { StoredCommand } from '@leftfold/core';
import { Command } from '@nestjs/cqrs';

/** Sent by the feature that places orders; `line` counts from 0. */
@StoredCommand('inventory.reserve-stock', 1)
export class ReserveStockCommand extends Command<{ sku: string }> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly line: number,
    readonly quantity: number,
  ) {
    super();
  }
}
