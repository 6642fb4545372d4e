import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Repository } from 'typeorm';
import { OrderNotFoundError } from '../../domain/order.errors.js';
import { OrderView } from '../../read-models/order-view/order-view.entity.js';
import { GetOrderQuery } from './get-order.query.js';

@QueryHandler(GetOrderQuery)
export class GetOrderHandler implements IQueryHandler<GetOrderQuery> {
  constructor(@InjectReadModelRepository(OrderView) private readonly orders: Repository<OrderView>) {}

  async execute({ orderId }: GetOrderQuery): Promise<OrderView> {
    const order = await this.orders.findOneBy({ orderId });
    if (!order) throw OrderNotFoundError.withId(orderId);
    return order;
  }
}
