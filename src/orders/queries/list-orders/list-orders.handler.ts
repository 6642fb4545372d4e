import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { MoreThan, Repository } from 'typeorm';
import { OrderView } from '../../read-models/order-view/order-view.entity.js';
import { ListOrdersQuery } from './list-orders.query.js';

@QueryHandler(ListOrdersQuery)
export class ListOrdersHandler implements IQueryHandler<ListOrdersQuery> {
  constructor(@InjectReadModelRepository(OrderView) private readonly orders: Repository<OrderView>) {}

  execute({ filter: { customerId, status }, afterOrderId, limit }: ListOrdersQuery): Promise<OrderView[]> {
    return this.orders.find({
      where: {
        ...(customerId === undefined ? {} : { customerId }),
        ...(status === undefined ? {} : { status }),
        ...(afterOrderId === undefined ? {} : { orderId: MoreThan(afterOrderId) }),
      },
      order: { orderId: 'ASC' },
      take: limit,
    });
  }
}
