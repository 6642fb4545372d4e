import { StoredCommand } from '@leftfold/core';
import { Command } from '@nestjs/cqrs';

@StoredCommand('orders.expire-order', 1)
export class ExpireOrderCommand extends Command<{ orderId: string }> {
  constructor(readonly orderId: string) {
    super();
  }
}
