import { Command } from '@nestjs/cqrs';

export class AddStockCommand extends Command<{ sku: string }> {
  constructor(
    readonly sku: string,
    readonly quantity: number,
  ) {
    super();
  }
}
