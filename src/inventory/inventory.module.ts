import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { AddProductHandler } from './commands/add-product/add-product.handler.js';
import { AddStockHandler } from './commands/add-stock/add-stock.handler.js';
import { DispatchStockHandler } from './commands/dispatch-stock/dispatch-stock.handler.js';
import { ReleaseStockHandler } from './commands/release-stock/release-stock.handler.js';
import { ReserveStockHandler } from './commands/reserve-stock/reserve-stock.handler.js';
import { EndedLines } from './domain/ended-lines.js';
import { Product } from './domain/product.aggregate.js';
import { TagEndedLines1750001510000 } from './migrations/events/1750001510000-tag-ended-lines.js';
import { CreateProductView1750000800000 } from './migrations/views/1750000800000-create-product-view.js';
import { ProductsController } from './products.controller.js';
import { FindProductsHandler } from './queries/find-products/find-products.handler.js';
import { GetProductHandler } from './queries/get-product/get-product.handler.js';
import { GetProductAtHandler } from './queries/get-product-at/get-product-at.handler.js';
import { ListProductHistoryHandler } from './queries/list-product-history/list-product-history.handler.js';
import { ListProductsHandler } from './queries/list-products/list-products.handler.js';
import { ProductView } from './read-models/product-view/product-view.entity.js';
import { ProductViewProjection } from './read-models/product-view/product-view.projection.js';

const COMMAND_HANDLERS = [
  AddProductHandler,
  AddStockHandler,
  ReserveStockHandler,
  ReleaseStockHandler,
  DispatchStockHandler,
];

const QUERY_HANDLERS = [
  GetProductHandler,
  FindProductsHandler,
  ListProductsHandler,
  GetProductAtHandler,
  ListProductHistoryHandler,
];

@Module({
  imports: [
    EventSourcingModule.forFeature({
      aggregates: [Product],
      readModels: [ProductView],
      migrations: { events: [TagEndedLines1750001510000], views: [CreateProductView1750000800000] },
    }),
  ],
  controllers: [ProductsController],
  providers: [...COMMAND_HANDLERS, ...QUERY_HANDLERS, EndedLines, ProductViewProjection],
})
export class InventoryModule {}
