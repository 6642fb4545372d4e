import { Command } from '@nestjs/cqrs';

export class PayOrderCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly reference: string,
  ) {
    super();
  }
}
