import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';

/** Those of the products that there are. */
@ReadsFrom(ProductView)
export class FindProductsQuery extends Query<ProductView[]> {
  constructor(readonly skus: readonly string[]) {
    super();
  }
}
