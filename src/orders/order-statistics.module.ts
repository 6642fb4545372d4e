import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { CreateOrderStatistics1750000820000 } from './migrations/views/1750000820000-create-order-statistics.js';
import { OrderStatisticsController } from './order-statistics.controller.js';
import { GetOrderStatisticsHandler } from './queries/get-order-statistics/get-order-statistics.handler.js';
import { CustomerOrderStatistics } from './read-models/order-statistics/customer-order-statistics.entity.js';
import { OrderStatisticsProjection } from './read-models/order-statistics/order-statistics.projection.js';

/** Statistics of what customers have ordered. Added later than the orders, and filled from their events. */
@Module({
  imports: [
    EventSourcingModule.forFeature({
      readModels: [CustomerOrderStatistics],
      migrations: { views: [CreateOrderStatistics1750000820000] },
    }),
  ],
  controllers: [OrderStatisticsController],
  providers: [OrderStatisticsProjection, GetOrderStatisticsHandler],
})
export class OrderStatisticsModule {}
