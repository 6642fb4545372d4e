import { keptLines, type OrderLine, totalOf } from '../domain/order-line.js';
import { LineReserved } from '../events/line-reserved.event.js';
import { OrderCancelled } from '../events/order-cancelled.event.js';
import { OrderConfirmed } from '../events/order-confirmed.event.js';
import { OrderExpired } from '../events/order-expired.event.js';
import { OrderPaid } from '../events/order-paid.event.js';
import { OrderPlaced } from '../events/order-placed.event.js';
import { OrderRejected } from '../events/order-rejected.event.js';

export const ORDER_ID = '018f2b6e-0000-7000-8000-000000000101';
export const CUSTOMER_ID = '018f2b6e-0000-7000-8000-000000000001';
export const NOW = new Date('2026-01-31T12:00:00.000Z');

export const LINES: readonly OrderLine[] = [
  { sku: 'MUG-BLUE', quantity: 2, unitPrice: { amount: 1_250, currency: 'EUR' } },
  { sku: 'TEA', quantity: 1, unitPrice: { amount: 499, currency: 'EUR' } },
];

export const aPlacedOrder = (lines = LINES) =>
  new OrderPlaced(ORDER_ID, CUSTOMER_ID, lines, totalOf(lines), NOW.toISOString());
export const aReservedLine = (line = 0) => new LineReserved(ORDER_ID, line);
export const aConfirmedOrder = () => new OrderConfirmed(ORDER_ID);
export const aRejectedOrder = (reason = 'There is not enough of TEA in stock.') =>
  new OrderRejected(ORDER_ID, reason, keptLines(LINES));
export const aPaidOrder = (reference = 'pay-1') =>
  new OrderPaid(ORDER_ID, CUSTOMER_ID, reference, totalOf(LINES), keptLines(LINES));
export const aCancelledOrder = (reason = 'changed my mind') =>
  new OrderCancelled(ORDER_ID, CUSTOMER_ID, reason, keptLines(LINES));
export const anExpiredOrder = () => new OrderExpired(ORDER_ID, keptLines(LINES));

/** An order that waits for its payment. */
export const awaitingPayment = [aPlacedOrder(), aReservedLine(0), aReservedLine(1), aConfirmedOrder()] as const;
