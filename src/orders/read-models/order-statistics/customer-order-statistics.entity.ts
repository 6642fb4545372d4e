import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sum in one currency. */
export interface PaidTotal {
  /** Digits of a whole number of minor units, because sums may exceed the exact range of a number. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** The orders and payments of a customer. */
@Entity('customer_order_statistics')
export class CustomerOrderStatistics {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  /** All placed orders, including those that ended without payment. */
  @Column({ type: 'integer' })
  orders: number;

  @Column({ name: 'paid_orders', type: 'integer' })
  paidOrders: number;

  /** One for each currency, sorted by currency code. */
  @Column({ name: 'paid_totals', type: 'simple-json' })
  paidTotals: readonly PaidTotal[];
}
