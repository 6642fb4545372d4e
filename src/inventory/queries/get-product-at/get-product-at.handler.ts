import { StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { evolveProductView, PRODUCT_PAST } from '../../read-models/product-view/evolve-product-view.js';
import type { ProductView } from '../../read-models/product-view/product-view.entity.js';
import { GetProductAtQuery } from './get-product-at.query.js';

@QueryHandler(GetProductAtQuery)
export class GetProductAtHandler implements IQueryHandler<GetProductAtQuery> {
  constructor(private readonly history: StreamHistory) {}

  execute({ sku, moment }: GetProductAtQuery): Promise<ProductView> {
    return this.history.fold(Product, sku, moment, evolveProductView, PRODUCT_PAST);
  }
}
