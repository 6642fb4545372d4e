import { type EventContext, InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { UserForgotten } from '../../../users/users.contract.js';
import { ORDER_EVENTS, type OrderEvent } from '../../events/order.events.js';
import { evolveOrderView } from './evolve-order-view.js';
import { OrderView } from './order-view.entity.js';

@Projection({ name: 'orders.order-view', entities: [OrderView] })
@EventsHandler(...ORDER_EVENTS, UserForgotten)
export class OrderViewProjection implements ProjectionHandler<OrderEvent | UserForgotten> {
  constructor(@InjectReadModel(OrderView) private readonly orders: ReadModel<OrderView>) {}

  async handle(event: OrderEvent | UserForgotten, context: EventContext): Promise<void> {
    if (event.type === 'users.user-forgotten') return this.forget(event.userId);
    this.orders.save(evolveOrderView(await this.orders.get(event.orderId), event, context));
  }

  /** What a person wrote goes; what was ordered and paid stays, because accounts must be kept. */
  private async forget(customerId: string): Promise<void> {
    const manager = await this.orders.manager();
    const customer = manager.dataSource.driver.createParameter('customerId', 0);
    await manager.query(
      `update ${this.orders.table} set reason = null where customer_id = ${customer} and status = 'cancelled'`,
      [customerId],
    );
  }
}
