import { InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { OrderPaid } from '../../events/order-paid.event.js';
import { OrderPlaced } from '../../events/order-placed.event.js';
import { CustomerOrderStatistics } from './customer-order-statistics.entity.js';
import { evolveOrderStatistics } from './evolve-order-statistics.js';

@Projection({
  name: 'orders.customer-order-statistics',
  version: 2,
  entities: [CustomerOrderStatistics],
  key: ({ customerId }: OrderPlaced | OrderPaid) => customerId,
})
@EventsHandler(OrderPlaced, OrderPaid)
export class OrderStatisticsProjection implements ProjectionHandler<OrderPlaced | OrderPaid> {
  constructor(@InjectReadModel(CustomerOrderStatistics) private readonly rows: ReadModel<CustomerOrderStatistics>) {}

  async handle(event: OrderPlaced | OrderPaid): Promise<void> {
    this.rows.save(evolveOrderStatistics(await this.rows.get(event.customerId), event));
  }
}
