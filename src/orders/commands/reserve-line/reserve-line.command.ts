import { StoredCommand } from '@leftfold/core';
import { Command } from '@nestjs/cqrs';

/** Stock has been reserved for a line. */
@StoredCommand('orders.reserve-line', 1)
export class ReserveLineCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly line: number,
  ) {
    super();
  }
}
