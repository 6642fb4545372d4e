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
const product = specOf(Product, SKU).given(anAddedProduct(10));

describe('a product', () => {
  it('has more stock added, also of the same size again', () => {
    product.when((it) => it.addStock(5)).thenEvents(addedStock(5));
    product
      .given(addedStock(5))
      .when((it) => it.addStock(5))
      .thenEvents(addedStock(5));
  });

  it('is reserved to the last piece, and no further', () => {
    product.when((it) => it.reserve(LINE, 10)).thenEvents(aReservation(10));
    product.when((it) => it.reserve(LINE, 11)).thenFails(OutOfStockError);
    product
      .given(aReservation(7, 0, OTHER_ORDER_ID))
      .when((it) => it.reserve(LINE, 4))
      .thenFails(OutOfStockError);
  });

  it('is reserved once for each line', () => {
    const reserved = product.given(aReservation(8));
    reserved.when((it) => it.reserve(LINE, 8)).thenNothing();
    reserved.when((it) => it.reserve({ ...LINE, line: 1 }, 2)).thenEvents(aReservation(2, 1));
  });

  it('can be reserved again by others what was released', () =>
    product
      .given(aReservation(10), aRelease(10))
      .when((it) => it.reserve({ orderId: OTHER_ORDER_ID, line: 0 }, 10))
      .thenEvents(aReservation(10, 0, OTHER_ORDER_ID)));

  it('is released once', () => {
    product
      .given(aReservation())
      .when((it) => it.release(LINE))
      .thenEvents(aRelease());
    product
      .given(aReservation(), aRelease())
      .when((it) => it.release(LINE))
      .thenNothing();
  });

  it('remembers a release that came first, so that nothing is reserved after it', () => {
    product.when((it) => it.release(LINE)).thenEvents(aRelease(0));
    product
      .given(aRelease(0))
      .when((it) => it.reserve(LINE, 1))
      .thenNothing();
  });

  it('leaves once, and does not come back by a release', () => {
    const dispatched = product.given(aReservation(), aDispatch());
    product
      .given(aReservation())
      .when((it) => it.dispatch(LINE))
      .thenEvents(aDispatch());
    dispatched.when((it) => it.dispatch(LINE)).thenNothing();
    dispatched.when((it) => it.release(LINE)).thenNothing();
    dispatched.when((it) => it.reserve(LINE, 1)).thenNothing();
  });

  it('does not leave when it is not reserved', () => {
    product.when((it) => it.dispatch(LINE)).thenFails(NotReservedError);
    product
      .given(aReservation(), aRelease())
      .when((it) => it.dispatch(LINE))
      .thenFails(NotReservedError);
  });
});
