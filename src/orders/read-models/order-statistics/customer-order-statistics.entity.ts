import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sum in one currency. */
export interface PaidTotal {
  /** Digits of a whole number of minor units: sums outgrow what a number holds exactly. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** What a customer has ordered, and paid for. */
@Entity('customer_order_statistics')
export class CustomerOrderStatistics {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  /** Orders that were placed, whatever became of them. */
  @Column({ type: 'integer' })
  orders: number;

  @Column({ name: 'paid_orders', type: 'integer' })
  paidOrders: number;

  /** One for each currency, in the order of their codes. */
  @Column({ name: 'paid_totals', type: 'simple-json' })
  paidTotals: readonly PaidTotal[];
}
