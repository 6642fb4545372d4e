import { type KeptFold, unreachable } from '@leftfold/core';
import type { ProductEvent } from '../../events/product.events.js';
import { ProductView } from './product-view.entity.js';

/** Options of the snapshots for past views of a product. Raise the version when `evolveProductView` changes. */
export const PRODUCT_PAST: KeptFold = { name: 'inventory.product-view', version: 1 };

/** Folds one event into the row. The read model and time travel share this function, so both show a product in the same way. */
export function evolveProductView(
  before: ProductView | undefined,
  event: ProductEvent,
  { version }: { readonly version: number },
): ProductView {
  const view = Object.assign(new ProductView(), before, { version });
  switch (event.type) {
    case 'inventory.product-added': {
      const { sku, name, unitPrice, stock } = event;
      return Object.assign(view, { sku, name, ...unitPrice, available: stock, reserved: 0 });
    }
    case 'inventory.stock-added':
      return moved(view, { available: event.quantity });
    case 'inventory.stock-reserved':
      return moved(view, { available: -event.quantity, reserved: event.quantity });
    case 'inventory.stock-released':
      return moved(view, { available: event.quantity, reserved: -event.quantity });
    case 'inventory.stock-dispatched':
      return moved(view, { reserved: -event.quantity });
    default:
      return unreachable(event);
  }
}

function moved(view: ProductView, by: { readonly available?: number; readonly reserved?: number }): ProductView {
  return Object.assign(view, {
    available: view.available + (by.available ?? 0),
    reserved: view.reserved + (by.reserved ?? 0),
  });
}
