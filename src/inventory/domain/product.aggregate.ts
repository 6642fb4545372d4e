import { Aggregate, AggregateRoot, type JsonObject, unreachable } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';
import { ProductAdded } from '../events/product-added.event.js';
import { PRODUCT_EVENTS, type ProductEvent } from '../events/product.events.js';
import { StockAdded } from '../events/stock-added.event.js';
import { StockDispatched } from '../events/stock-dispatched.event.js';
import { StockReleased } from '../events/stock-released.event.js';
import { StockReserved } from '../events/stock-reserved.event.js';
import type { OrderLinePlace } from './order-line-place.js';
import { NotReservedError, OutOfStockError, ProductNotFoundError } from './product.errors.js';

/** How an order line ended. An ended line reserves nothing any more. */
export type LineEnd = 'released' | 'dispatched';

interface Snapshot {
  readonly available: number;
  readonly open: readonly (readonly [string, number])[];
}

/**
 * A product and its stock. Its id is the SKU. It remembers current reservations; how a line ended is passed in
 * (see EndedLines).
 */
@Aggregate({
  category: 'product',
  events: PRODUCT_EVENTS,
  snapshotVersion: 2,
  notFound: (sku) => ProductNotFoundError.withSku(sku),
})
export class Product extends AggregateRoot<ProductEvent> {
  private available = 0;
  /** Pieces that are reserved, by order line. */
  private open = new Map<string, number>();

  static add(sku: string, name: string, unitPrice: Money, stock: number): Product {
    const product = new Product(sku);
    product.apply(new ProductAdded(sku, name, unitPrice, stock));
    return product;
  }

  addStock(quantity: number): void {
    this.apply(new StockAdded(this.id, quantity));
  }

  isOpen(place: OrderLinePlace): boolean {
    return this.open.has(keyOf(place));
  }

  /** Reserves once for each line, and never after a release: the line's order is over. */
  reserve(place: OrderLinePlace, quantity: number, end: LineEnd | undefined): void {
    if (end || this.isOpen(place)) return;
    if (quantity > this.available) throw OutOfStockError.of(this.id, this.available);
    this.apply(new StockReserved(this.id, place.orderId, place.line, quantity));
  }

  release(place: OrderLinePlace, end: LineEnd | undefined): void {
    if (end) return;
    this.apply(new StockReleased(this.id, place.orderId, place.line, this.open.get(keyOf(place)) ?? 0));
  }

  dispatch(place: OrderLinePlace, end: LineEnd | undefined): void {
    if (end === 'dispatched') return;
    const quantity = this.open.get(keyOf(place));
    if (quantity === undefined) throw NotReservedError.forLine(this.id, place.orderId, place.line);
    this.apply(new StockDispatched(this.id, place.orderId, place.line, quantity));
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
        this.open.set(keyOf(event), event.quantity);
        return;
      case 'inventory.stock-released':
        this.available += event.quantity;
        this.open.delete(keyOf(event));
        return;
      case 'inventory.stock-dispatched':
        this.open.delete(keyOf(event));
        return;
      default:
        unreachable(event);
    }
  }

  protected override takeSnapshot(): JsonObject {
    return { available: this.available, open: [...this.open] };
  }

  protected override restoreSnapshot(state: JsonObject): void {
    const { available, open } = state as unknown as Snapshot;
    this.available = available;
    this.open = new Map(open);
  }
}

function keyOf({ orderId, line }: OrderLinePlace): string {
  return `${orderId}/${line}`;
}
