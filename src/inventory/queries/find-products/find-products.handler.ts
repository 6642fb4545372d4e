import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';
import { FindProductsQuery } from './find-products.query.js';

@QueryHandler(FindProductsQuery)
export class FindProductsHandler implements IQueryHandler<FindProductsQuery> {
  constructor(@InjectRepository(ProductView) private readonly products: Repository<ProductView>) {}

  execute({ skus }: FindProductsQuery): Promise<ProductView[]> {
    return this.products.findBy({ sku: In([...skus]) });
  }
}
