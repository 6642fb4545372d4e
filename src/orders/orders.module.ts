import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { CancelOrderHandler } from './commands/cancel-order/cancel-order.handler.js';
import { ExpireOrderHandler } from './commands/expire-order/expire-order.handler.js';
import { PayOrderHandler } from './commands/pay-order/pay-order.handler.js';
import { PlaceOrderHandler } from './commands/place-order/place-order.handler.js';
import { RejectOrderHandler } from './commands/reject-order/reject-order.handler.js';
import { ReserveLineHandler } from './commands/reserve-line/reserve-line.handler.js';
import { Order } from './domain/order.aggregate.js';
import { OrderLinesLimit } from './limits/order-lines-limit.js';
import { CreateOrderView1750000810000 } from './migrations/views/1750000810000-create-order-view.js';
import { OrderAccess } from './order-access.js';
import { OrdersController } from './orders.controller.js';
import { GetOrderHandler } from './queries/get-order/get-order.handler.js';
import { GetOrderAtHandler } from './queries/get-order-at/get-order-at.handler.js';
import { ListOrderHistoryHandler } from './queries/list-order-history/list-order-history.handler.js';
import { ListOrdersHandler } from './queries/list-orders/list-orders.handler.js';
import { OrderView } from './read-models/order-view/order-view.entity.js';
import { OrderViewProjection } from './read-models/order-view/order-view.projection.js';
import { FulfilmentSaga } from './sagas/fulfilment.saga.js';

const COMMAND_HANDLERS = [
  PlaceOrderHandler,
  ReserveLineHandler,
  RejectOrderHandler,
  ExpireOrderHandler,
  PayOrderHandler,
  CancelOrderHandler,
];

const QUERY_HANDLERS = [GetOrderHandler, GetOrderAtHandler, ListOrdersHandler, ListOrderHistoryHandler];

@Module({
  imports: [
    EventSourcingModule.forFeature({
      aggregates: [Order],
      readModels: [OrderView],
      migrations: { views: [CreateOrderView1750000810000] },
    }),
  ],
  controllers: [OrdersController],
  providers: [
    ...COMMAND_HANDLERS,
    ...QUERY_HANDLERS,
    OrderViewProjection,
    FulfilmentSaga,
    OrderAccess,
    OrderLinesLimit,
  ],
})
export class OrdersModule {}
