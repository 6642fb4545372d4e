import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';

@ReadsFrom(ProductView)
export class GetProductQuery extends Query<ProductView> {
  constructor(readonly sku: string) {
    super();
  }
}
