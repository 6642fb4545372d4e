import { Command } from '@nestjs/cqrs';

export class PlaceOrderCommand extends Command<{ orderId: string }> {
  constructor(
    readonly orderId: string,
    readonly customerId: string,
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[],
    readonly now: Date,
  ) {
    super();
  }
}
