import { specOf } from '@leftfold/core/testing';
import type { OrderEvent } from '../events/order.events.js';
import {
  aCancelledOrder,
  aConfirmedOrder,
  anExpiredOrder,
  aPaidOrder,
  aPlacedOrder,
  aRejectedOrder,
  aReservedLine,
  awaitingPayment,
  ORDER_ID,
} from '../testing/order.fixtures.js';
import { Order } from './order.aggregate.js';
import { OrderClosedError, OrderNotAwaitingPaymentError, PaymentReferenceDiffersError } from './order.errors.js';

const order = specOf(Order, ORDER_ID);
const placed = order.given(aPlacedOrder());
const awaiting = order.given(...awaitingPayment);
const CLOSED: readonly (readonly [string, OrderEvent])[] = [
  ['rejected', aRejectedOrder()],
  ['cancelled', aCancelledOrder()],
  ['expired', anExpiredOrder()],
];

describe('an order', () => {
  it('is confirmed when the last line is reserved, in any order', () => {
    placed.when((it) => it.reserveLine(1)).thenEvents(aReservedLine(1));
    placed
      .given(aReservedLine(1))
      .when((it) => it.reserveLine(0))
      .thenEvents(aReservedLine(0), aConfirmedOrder());
  });

  it('counts a line once', () =>
    placed
      .given(aReservedLine(0))
      .when((it) => it.reserveLine(0))
      .thenNothing());

  it('is rejected before it is confirmed, and once', () => {
    const { reason } = aRejectedOrder();
    placed.when((it) => it.reject(reason)).thenEvents(aRejectedOrder());
    placed
      .given(aRejectedOrder())
      .when((it) => it.reject(reason))
      .thenNothing();
    awaiting.when((it) => it.reject(reason)).thenNothing();
  });

  it('is paid while it waits for payment', () => {
    awaiting.when((it) => it.pay('pay-1')).thenEvents(aPaidOrder());
    placed.when((it) => it.pay('pay-1')).thenFails(OrderNotAwaitingPaymentError);
  });

  it('is paid once, under one reference', () => {
    const paid = awaiting.given(aPaidOrder());
    paid.when((it) => it.pay('pay-1')).thenNothing();
    paid.when((it) => it.pay('pay-2')).thenFails(PaymentReferenceDiffersError);
  });

  it('is cancelled before payment, and once', () => {
    placed.when((it) => it.cancel('changed my mind')).thenEvents(aCancelledOrder());
    awaiting.when((it) => it.cancel('changed my mind')).thenEvents(aCancelledOrder());
    awaiting
      .given(aCancelledOrder())
      .when((it) => it.cancel('again'))
      .thenNothing();
    awaiting
      .given(aPaidOrder())
      .when((it) => it.cancel('late'))
      .thenFails(OrderClosedError);
  });

  it('expires while it waits for payment, and never after it is paid', () => {
    awaiting.when((it) => it.expire()).thenEvents(anExpiredOrder());
    placed.when((it) => it.expire()).thenNothing();
    awaiting
      .given(aPaidOrder())
      .when((it) => it.expire())
      .thenNothing();
  });

  it.each(CLOSED)('that is %s ignores reservations, rejection and expiry', (_name, event) => {
    const closed = placed.given(event);
    closed.when((it) => it.reserveLine(0)).thenNothing();
    closed.when((it) => it.reject('late')).thenNothing();
    closed.when((it) => it.expire()).thenNothing();
  });

  it.each(CLOSED)('that is %s can’t be paid', (_name, event) =>
    placed
      .given(event)
      .when((it) => it.pay('pay-1'))
      .thenFails(OrderClosedError),
  );
});
