import { Command } from '@nestjs/cqrs';

export class CancelOrderCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly reason: string,
  ) {
    super();
  }
}
