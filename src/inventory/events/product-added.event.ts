import { DomainEvent } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';

@DomainEvent('inventory.product-added')
export class ProductAdded {
  declare readonly type: 'inventory.product-added';

  constructor(
    readonly sku: string,
    readonly name: string,
    readonly unitPrice: Money,
    readonly stock: number,
  ) {}
}
