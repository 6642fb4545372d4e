import { specOf } from '@leftfold/core/testing';
import {
  addedStock,
  aDispatch,
  anAddedProduct,
  aRelease,
  aReservation,
  ORDER_ID,
  OTHER_ORDER_ID,
  SKU,
} from '../testing/product.fixtures.js';
import { Product } from './product.aggregate.js';
import { NotReservedError, OutOfStockError } from './product.errors.js';

const LINE = { orderId: ORDER_ID, line: 0 };
/** The log has no end for the line. */
const NO_END = undefined;
const product = specOf(Product, SKU).given(anAddedProduct(10));

describe('a product', () => {
  it('has more stock added, even the same amount again', () => {
    product.when((it) => it.addStock(5)).thenEvents(addedStock(5));
    product
      .given(addedStock(5))
      .when((it) => it.addStock(5))
      .thenEvents(addedStock(5));
  });

  it('can be reserved to the last piece, and no further', () => {
    product.when((it) => it.reserve(LINE, 10, NO_END)).thenEvents(aReservation(10));
    product.when((it) => it.reserve(LINE, 11, NO_END)).thenFails(OutOfStockError);
    product
      .given(aReservation(7, 0, OTHER_ORDER_ID))
      .when((it) => it.reserve(LINE, 4, NO_END))
      .thenFails(OutOfStockError);
  });

  it('is reserved once for each line', () => {
    const reserved = product.given(aReservation(8));
    reserved.when((it) => it.reserve(LINE, 8, NO_END)).thenNothing();
    reserved.when((it) => it.reserve({ ...LINE, line: 1 }, 2, NO_END)).thenEvents(aReservation(2, 1));
  });

  it('can be reserved by another order after a release', () =>
    product
      .given(aReservation(10), aRelease(10))
      .when((it) => it.reserve({ orderId: OTHER_ORDER_ID, line: 0 }, 10, NO_END))
      .thenEvents(aReservation(10, 0, OTHER_ORDER_ID)));

  it('is released even before it was reserved, so that a late reservation is refused', () => {
    product
      .given(aReservation())
      .when((it) => it.release(LINE, NO_END))
      .thenEvents(aRelease());
    product.when((it) => it.release(LINE, NO_END)).thenEvents(aRelease(0));
  });

  it('leaves', () =>
    product
      .given(aReservation())
      .when((it) => it.dispatch(LINE, NO_END))
      .thenEvents(aDispatch()));

  it.each(['released', 'dispatched'] as const)('is neither reserved nor released for a line that was %s', (end) => {
    product.when((it) => it.reserve(LINE, 1, end)).thenNothing();
    product.when((it) => it.reserve(LINE, 11, end)).thenNothing();
    product.when((it) => it.release(LINE, end)).thenNothing();
  });

  it('leaves once', () => product.when((it) => it.dispatch(LINE, 'dispatched')).thenNothing());

  it('is not dispatched without a reservation', () => {
    product.when((it) => it.dispatch(LINE, NO_END)).thenFails(NotReservedError);
    product
      .given(aReservation(), aRelease())
      .when((it) => it.dispatch(LINE, 'released'))
      .thenFails(NotReservedError);
  });
});
