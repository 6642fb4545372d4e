import { Aggregate, AggregateRoot, unreachable } from '@leftfold/core';
import type { Money } from '../../platform/money/money.js';
import { LineReserved } from '../events/line-reserved.event.js';
import { OrderCancelled } from '../events/order-cancelled.event.js';
import { OrderConfirmed } from '../events/order-confirmed.event.js';
import { OrderExpired } from '../events/order-expired.event.js';
import { OrderPaid } from '../events/order-paid.event.js';
import { OrderPlaced } from '../events/order-placed.event.js';
import { OrderRejected } from '../events/order-rejected.event.js';
import { ORDER_EVENTS, type OrderEvent } from '../events/order.events.js';
import { type KeptLine, keptLines, type OrderLine, totalOf } from './order-line.js';
import type { OrderStatus } from './order-status.js';
import {
  OrderClosedError,
  OrderNotAwaitingPaymentError,
  OrderNotFoundError,
  PaymentReferenceDiffersError,
} from './order.errors.js';

/** An order from its placing to its end. Its stream is short, so there are no snapshots. */
@Aggregate({ category: 'order', events: ORDER_EVENTS, notFound: (id) => OrderNotFoundError.withId(id) })
export class Order extends AggregateRoot<OrderEvent> {
  private status: OrderStatus = 'placed';
  private customer = '';
  private total: Money = { amount: 0, currency: '' };
  private lines: readonly KeptLine[] = [];
  private readonly reserved = new Set<number>();
  private reference: string | undefined;

  get customerId(): string {
    return this.customer;
  }

  static place(id: string, customerId: string, lines: readonly OrderLine[], now: Date): Order {
    const order = new Order(id);
    order.apply(new OrderPlaced(id, customerId, lines, totalOf(lines), now.toISOString()));
    return order;
  }

  /** Records that stock is reserved for a line. An order that has ended ignores it: the release is on its way. */
  reserveLine(line: number): void {
    if (this.status !== 'placed' || this.reserved.has(line)) return;
    this.apply(new LineReserved(this.id, line));
    if (this.reserved.size === this.lines.length) this.apply(new OrderConfirmed(this.id));
  }

  reject(reason: string): void {
    if (this.status === 'placed') this.apply(new OrderRejected(this.id, reason, this.lines));
  }

  pay(reference: string): void {
    if (this.status === 'paid') {
      if (reference !== this.reference) throw PaymentReferenceDiffersError.becauseItIsPaid();
      return;
    }
    this.refuseClosed();
    if (this.status !== 'awaiting-payment') throw OrderNotAwaitingPaymentError.yet();
    this.apply(new OrderPaid(this.id, this.customer, reference, this.total, this.lines));
  }

  cancel(reason: string): void {
    if (this.status === 'cancelled') return;
    this.refuseClosed();
    this.apply(new OrderCancelled(this.id, this.customer, reason, this.lines));
  }

  /** Expires the order. An order that was paid or closed in time ignores it. */
  expire(): void {
    if (this.status === 'awaiting-payment') this.apply(new OrderExpired(this.id, this.lines));
  }

  private refuseClosed(): void {
    switch (this.status) {
      case 'paid':
        throw OrderClosedError.becauseItIsPaid();
      case 'cancelled':
        throw OrderClosedError.becauseItWasCancelled();
      case 'expired':
        throw OrderClosedError.becauseItHasExpired();
      case 'rejected':
        throw OrderClosedError.becauseItWasRejected();
      default:
    }
  }

  protected evolve(event: OrderEvent): void {
    switch (event.type) {
      case 'orders.order-placed':
        this.customer = event.customerId;
        this.total = event.total;
        this.lines = keptLines(event.lines);
        return;
      case 'orders.line-reserved':
        this.reserved.add(event.line);
        return;
      case 'orders.order-confirmed':
        this.status = 'awaiting-payment';
        return;
      case 'orders.order-rejected':
        this.status = 'rejected';
        return;
      case 'orders.order-paid':
        this.status = 'paid';
        this.reference = event.reference;
        return;
      case 'orders.order-cancelled':
        this.status = 'cancelled';
        return;
      case 'orders.order-expired':
        this.status = 'expired';
        return;
      default:
        unreachable(event);
    }
  }
}
