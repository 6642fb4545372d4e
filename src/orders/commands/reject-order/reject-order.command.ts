import { StoredCommand } from '@leftfold/core';
import { Command } from '@nestjs/cqrs';

@StoredCommand('orders.reject-order', 1)
export class RejectOrderCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly reason: string,
  ) {
    super();
  }
}
