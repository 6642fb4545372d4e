import type { ProductEvent } from '../../events/product.events.js';
import {
  addedStock,
  aDispatch,
  anAddedProduct,
  aRelease,
  aReservation,
  PRICE,
  SKU,
} from '../../testing/product.fixtures.js';
import { evolveProductView } from './evolve-product-view.js';
import type { ProductView } from './product-view.entity.js';

const fold = (...events: ProductEvent[]): ProductView => {
  let view: ProductView | undefined;
  events.forEach((event, index) => {
    view = evolveProductView(view, event, { version: index + 1 });
  });
  return view!;
};

describe('the view of a product', () => {
  it('starts with the received stock', () =>
    expect(fold(anAddedProduct(10))).toEqual({
      sku: SKU,
      name: 'Blue mug',
      ...PRICE,
      available: 10,
      reserved: 0,
      version: 1,
    }));

  it.each<[string, ProductEvent[], { available: number; reserved: number; version: number }]>([
    ['more stock', [addedStock(5)], { available: 15, reserved: 0, version: 2 }],
    ['a reservation', [aReservation(3)], { available: 7, reserved: 3, version: 2 }],
    ['a release', [aReservation(3), aRelease(3)], { available: 10, reserved: 0, version: 3 }],
    ['a dispatch', [aReservation(3), aDispatch(3)], { available: 7, reserved: 0, version: 3 }],
    ['a release of nothing', [aRelease(0)], { available: 10, reserved: 0, version: 2 }],
  ])('follows %s', (_name, events, expected) => expect(fold(anAddedProduct(10), ...events)).toMatchObject(expected));
});
