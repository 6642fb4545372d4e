import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { In, Repository } from 'typeorm';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';
import { FindProductsQuery } from './find-products.query.js';

@QueryHandler(FindProductsQuery)
export class FindProductsHandler implements IQueryHandler<FindProductsQuery> {
  constructor(@InjectReadModelRepository(ProductView) private readonly products: Repository<ProductView>) {}

  execute({ skus }: FindProductsQuery): Promise<ProductView[]> {
    return this.products.findBy({ sku: In([...skus]) });
  }
}
