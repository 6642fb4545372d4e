import { Aggregate, AggregateRoot, type JsonObject, unreachable } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';
import { ProductAdded } from '../events/product-added.event.js';
import { PRODUCT_EVENTS, type ProductEvent } from '../events/product.events.js';
import { StockAdded } from '../events/stock-added.event.js';
import { StockDispatched } from '../events/stock-dispatched.event.js';
import { StockReleased } from '../events/stock-released.event.js';
import { StockReserved } from '../events/stock-reserved.event.js';
import { NotReservedError, OutOfStockError, ProductNotFoundError } from './product.errors.js';
import { type OrderLinePlace, type Reservation, Reservations } from './reservations.js';

/** A product and its stock. Its id is the SKU. */
@Aggregate({
  category: 'product',
  events: PRODUCT_EVENTS,
  snapshotVersion: 1,
  notFound: (sku) => ProductNotFoundError.withSku(sku),
})
export class Product extends AggregateRoot<ProductEvent> {
  private available = 0;
  private reservations = new Reservations();

  static add(sku: string, name: string, unitPrice: Money, stock: number): Product {
    const product = new Product(sku);
    product.apply(new ProductAdded(sku, name, unitPrice, stock));
    return product;
  }

  addStock(quantity: number): void {
    this.apply(new StockAdded(this.id, quantity));
  }

  /** Once for each line, and never after a release: an order that is over takes nothing any more. */
  reserve(place: OrderLinePlace, quantity: number): void {
    if (this.reservations.get(place)) return;
    if (quantity > this.available) throw OutOfStockError.of(this.id, this.available);
    this.apply(new StockReserved(this.id, place.orderId, place.line, quantity));
  }

  release(place: OrderLinePlace): void {
    const reservation = this.reservations.get(place);
    if (reservation && reservation.state !== 'reserved') return;
    this.apply(new StockReleased(this.id, place.orderId, place.line, reservation?.quantity ?? 0));
  }

  dispatch(place: OrderLinePlace): void {
    const reservation = this.reservations.get(place);
    if (reservation?.state === 'dispatched') return;
    if (reservation?.state !== 'reserved') throw NotReservedError.forLine(this.id, place.orderId, place.line);
    this.apply(new StockDispatched(this.id, place.orderId, place.line, reservation.quantity));
  }

  protected evolve(event: ProductEvent): void {
    switch (event.type) {
      case 'inventory.product-added':
        this.available = event.stock;
        return;
      case 'inventory.stock-added':
        this.available += event.quantity;
        return;
      case 'inventory.stock-reserved':
        this.available -= event.quantity;
        this.reservations.set(event, { quantity: event.quantity, state: 'reserved' });
        return;
      case 'inventory.stock-released':
        this.available += event.quantity;
        this.reservations.set(event, { quantity: event.quantity, state: 'released' });
        return;
      case 'inventory.stock-dispatched':
        this.reservations.set(event, { quantity: event.quantity, state: 'dispatched' });
        return;
      default:
        unreachable(event);
    }
  }

  protected override takeSnapshot(): JsonObject {
    const reservations = this.reservations.entries.map(([place, { quantity, state }]) => [place, { quantity, state }]);
    return { available: this.available, reservations };
  }

  protected override restoreSnapshot(state: JsonObject): void {
    const { available, reservations } = state as { available: number; reservations: [string, Reservation][] };
    this.available = available;
    this.reservations = Reservations.of(reservations);
  }
}
