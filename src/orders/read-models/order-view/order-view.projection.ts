import { type EventContext, InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { ORDER_EVENTS, type OrderEvent } from '../../events/order.events.js';
import { evolveOrderView } from './evolve-order-view.js';
import { OrderView } from './order-view.entity.js';

@Projection({ name: 'orders.order-view', entities: [OrderView] })
@EventsHandler(...ORDER_EVENTS)
export class OrderViewProjection implements ProjectionHandler<OrderEvent> {
  constructor(@InjectReadModel(OrderView) private readonly orders: ReadModel<OrderView>) {}

  async handle(event: OrderEvent, context: EventContext): Promise<void> {
    this.orders.save(evolveOrderView(await this.orders.get(event.orderId), event, context));
  }
}
