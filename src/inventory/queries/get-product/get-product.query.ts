import { Query } from '@nestjs/cqrs';
import { ReadsFrom } from '../../../event-sourcing/index.js';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';

@ReadsFrom(ProductView)
export class GetProductQuery extends Query<ProductView> {
  constructor(readonly sku: string) {
    super();
  }
}
