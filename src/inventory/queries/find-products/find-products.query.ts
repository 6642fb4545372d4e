import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';

/** The products with these SKUs that exist. */
@ReadsFrom(ProductView)
export class FindProductsQuery extends Query<ProductView[]> {
  constructor(readonly skus: readonly string[]) {
    super();
  }
}
