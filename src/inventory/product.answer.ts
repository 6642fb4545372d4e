import { ApiProperty } from '@nestjs/swagger';
import { MoneyAnswer } from '../platform/money/money.answer.js';
import type { ProductView } from './read-models/product-view/product-view.entity.js';

/** A product as the API shows it. */
export class ProductAnswer {
  @ApiProperty({ example: 'MUG-BLUE' })
  readonly sku: string;

  @ApiProperty()
  readonly name: string;

  @ApiProperty({ type: MoneyAnswer })
  readonly unitPrice: MoneyAnswer;

  @ApiProperty({ type: 'integer', description: 'Pieces that can be ordered.' })
  readonly available: number;

  @ApiProperty({ type: 'integer', description: 'Pieces that are kept for orders that are open.' })
  readonly reserved: number;

  @ApiProperty({ type: 'integer', description: 'Version of the product, as ETag and If-Match name it.' })
  readonly version: number;
}

export function productAnswer(view: ProductView): ProductAnswer {
  const { sku, name, amount, currency, available, reserved, version } = view;
  return { sku, name, unitPrice: { amount, currency }, available, reserved, version };
}

export class SkuAnswer {
  @ApiProperty({ example: 'MUG-BLUE' })
  readonly sku: string;
}
