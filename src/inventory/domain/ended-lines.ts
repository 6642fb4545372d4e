import { EventLog, EventSerializer, tagsOf } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { endedLine } from '../events/ended-line.js';
import type { ProductEvent } from '../events/product.events.js';
import type { OrderLinePlace } from './order-line-place.js';
import type { LineEnd, Product } from './product.aggregate.js';

/** Finds ended order lines in the log, so that a product need not remember them. */
@Injectable()
export class EndedLines {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
  ) {}

  /**
   * How the line ended, as of this version of the product. An event after that version makes the append of the
   * decision fail, and the decision is retried. A line that is still reserved is not looked up.
   */
  async find(product: Product, place: OrderLinePlace): Promise<LineEnd | undefined> {
    if (product.isOpen(place)) return undefined;
    const query = { items: [{ tags: tagsOf(endedLine(product.id, place)) }] };
    for await (const recorded of this.log.readTagged(query, { backwards: true })) {
      if (recorded.version > product.version) continue;
      // Tags ignore case; SKUs don't.
      const events = this.serializer.eventsOf<ProductEvent>(recorded).filter(({ sku }) => sku === product.id);
      if (events.some(({ type }) => type === 'inventory.stock-released')) return 'released';
      if (events.some(({ type }) => type === 'inventory.stock-dispatched')) return 'dispatched';
    }
    return undefined;
  }
}
