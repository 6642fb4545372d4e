import { type RecordedEvent, StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { ListProductHistoryQuery } from './list-product-history.query.js';

@QueryHandler(ListProductHistoryQuery)
export class ListProductHistoryHandler implements IQueryHandler<ListProductHistoryQuery> {
  constructor(private readonly history: StreamHistory) {}

  execute({ sku, afterVersion, limit }: ListProductHistoryQuery): Promise<RecordedEvent[]> {
    return this.history.page(Product, sku, { afterVersion, limit });
  }
}
