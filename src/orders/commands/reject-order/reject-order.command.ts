import { Command } from '@nestjs/cqrs';
import { StoredCommand } from '../../../event-sourcing/index.js';

@StoredCommand('orders.reject-order', 1)
export class RejectOrderCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly reason: string,
  ) {
    super();
  }
}
