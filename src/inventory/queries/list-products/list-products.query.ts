import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';

/** A page of products, sorted by SKU. */
@ReadsFrom(ProductView)
export class ListProductsQuery extends Query<ProductView[]> {
  constructor(
    readonly afterSku: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
