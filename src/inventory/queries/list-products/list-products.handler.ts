import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { MoreThan, Repository } from 'typeorm';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';
import { ListProductsQuery } from './list-products.query.js';

@QueryHandler(ListProductsQuery)
export class ListProductsHandler implements IQueryHandler<ListProductsQuery> {
  constructor(@InjectReadModelRepository(ProductView) private readonly products: Repository<ProductView>) {}

  execute({ afterSku, limit }: ListProductsQuery): Promise<ProductView[]> {
    const where = afterSku === undefined ? {} : { sku: MoreThan(afterSku) };
    return this.products.find({ where, order: { sku: 'ASC' }, take: limit });
  }
}
