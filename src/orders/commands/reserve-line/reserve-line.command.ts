import { Command } from '@nestjs/cqrs';
import { StoredCommand } from '../../../event-sourcing/index.js';

/** Stock is kept for a line. */
@StoredCommand('orders.reserve-line', 1)
export class ReserveLineCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly line: number,
  ) {
    super();
  }
}
