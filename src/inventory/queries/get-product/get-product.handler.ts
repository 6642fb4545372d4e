import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Repository } from 'typeorm';
import { ProductNotFoundError } from '../../domain/product.errors.js';
import { ProductView } from '../../read-models/product-view/product-view.entity.js';
import { GetProductQuery } from './get-product.query.js';

@QueryHandler(GetProductQuery)
export class GetProductHandler implements IQueryHandler<GetProductQuery> {
  constructor(@InjectReadModelRepository(ProductView) private readonly products: Repository<ProductView>) {}

  async execute({ sku }: GetProductQuery): Promise<ProductView> {
    const product = await this.products.findOneBy({ sku });
    if (!product) throw ProductNotFoundError.withSku(sku);
    return product;
  }
}
