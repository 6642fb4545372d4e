import { StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { evolveOrderView } from '../../read-models/order-view/evolve-order-view.js';
import type { OrderView } from '../../read-models/order-view/order-view.entity.js';
import { GetOrderAtQuery } from './get-order-at.query.js';

@QueryHandler(GetOrderAtQuery)
export class GetOrderAtHandler implements IQueryHandler<GetOrderAtQuery> {
  constructor(private readonly history: StreamHistory) {}

  execute({ orderId, moment }: GetOrderAtQuery): Promise<OrderView> {
    return this.history.fold(Order, orderId, moment, evolveOrderView);
  }
}
