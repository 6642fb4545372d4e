import { EventLog, EventSerializer } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { endedLine } from '../events/ended-line.js';
import type { ProductEvent } from '../events/product.events.js';
import type { OrderLinePlace } from './order-line-place.js';
import type { LineEnd, Product } from './product.aggregate.js';

/** Finds order lines that are over in the log itself, so that a product need not remember them. */
@Injectable()
export class EndedLines {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
  ) {}

  /**
   * How the line ended, as of the version of this product. Later events don't count: they make the append of the
   * decision fail, so that it is taken again. A line that is open is not looked up.
   */
  async find(product: Product, place: OrderLinePlace): Promise<LineEnd | undefined> {
    if (product.isOpen(place)) return undefined;
    const tags = Object.entries(endedLine(product.id, place)).map(([name, value]) => ({ name, value }));
    for await (const recorded of this.log.readTagged({ tags }, { backwards: true })) {
      const event = this.serializer.fromRecorded<ProductEvent>(recorded);
      // Tags don't tell upper from lower case; SKUs do.
      if (!event || event.sku !== product.id || recorded.version > product.version) continue;
      if (event.type === 'inventory.stock-released') return 'released';
      if (event.type === 'inventory.stock-dispatched') return 'dispatched';
    }
    return undefined;
  }
}
