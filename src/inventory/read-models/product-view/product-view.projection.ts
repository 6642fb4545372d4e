import { type EventContext, InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { PRODUCT_EVENTS, type ProductEvent } from '../../events/product.events.js';
import { evolveProductView } from './evolve-product-view.js';
import { ProductView } from './product-view.entity.js';

@Projection({ name: 'inventory.product-view', entities: [ProductView] })
@EventsHandler(...PRODUCT_EVENTS)
export class ProductViewProjection implements ProjectionHandler<ProductEvent> {
  constructor(@InjectReadModel(ProductView) private readonly products: ReadModel<ProductView>) {}

  async handle(event: ProductEvent, context: EventContext): Promise<void> {
    this.products.save(evolveProductView(await this.products.get(event.sku), event, context));
  }
}
