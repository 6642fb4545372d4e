import { Command } from '@nestjs/cqrs';
import { StoredCommand } from '../../../event-sourcing/index.js';

@StoredCommand('orders.expire-order', 1)
export class ExpireOrderCommand extends Command<{ orderId: string }> {
  constructor(readonly orderId: string) {
    super();
  }
}
