import { Query } from '@nestjs/cqrs';
import { ReadsFrom } from '../../../event-sourcing/index.js';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';

/** Those of the products that there are. */
@ReadsFrom(ProductView)
export class FindProductsQuery extends Query<ProductView[]> {
  constructor(readonly skus: readonly string[]) {
    super();
  }
}
