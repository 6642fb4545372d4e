import { Command } from '@nestjs/cqrs';
import type { Money } from '../../../platform/money/money.js';

export class AddProductCommand extends Command<{ sku: string }> {
  constructor(
    readonly sku: string,
    readonly name: string,
    readonly unitPrice: Money,
    readonly stock: number,
  ) {
    super();
  }
}
