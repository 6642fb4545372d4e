import { Query } from '@nestjs/cqrs';
import { type Moment, ReadsFrom } from '../../../event-sourcing/index.js';
import type { ProductView } from '../../read-models/product-view/product-view.entity.js';

/** A product as it was; answered from the log. */
@ReadsFrom()
export class GetProductAtQuery extends Query<ProductView> {
  constructor(
    readonly sku: string,
    readonly moment: Moment,
  ) {
    super();
  }
}
