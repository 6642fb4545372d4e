import { type Moment, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import type { ProductView } from '../../read-models/product-view/product-view.entity.js';

/** A product at an earlier version or time, from the log. */
@ReadsFrom()
export class GetProductAtQuery extends Query<ProductView> {
  constructor(
    readonly sku: string,
    readonly moment: Moment,
  ) {
    super();
  }
}
