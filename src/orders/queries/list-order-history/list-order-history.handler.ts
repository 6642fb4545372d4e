import { type RecordedEvent, StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { ListOrderHistoryQuery } from './list-order-history.query.js';

@QueryHandler(ListOrderHistoryQuery)
export class ListOrderHistoryHandler implements IQueryHandler<ListOrderHistoryQuery> {
  constructor(private readonly history: StreamHistory) {}

  execute({ orderId, afterVersion, limit }: ListOrderHistoryQuery): Promise<RecordedEvent[]> {
    return this.history.page(Order, orderId, { afterVersion, limit });
  }
}
