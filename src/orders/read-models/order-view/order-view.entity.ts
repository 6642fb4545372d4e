import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { wholeNumber } from '../../../platform/views/whole-number.js';
import type { OrderLine } from '../../domain/order-line.js';
import type { OrderStatus } from '../../domain/order-status.js';

/** A row of the order view. Times are ISO 8601, UTC. */
@Entity('order_view')
@Index('order_view_customer', ['customerId', 'orderId'])
@Index('order_view_status', ['status', 'orderId'])
export class OrderView {
  @PrimaryColumn({ name: 'order_id', type: 'text' })
  orderId: string;

  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ type: 'text' })
  status: OrderStatus;

  /** Why it was rejected or cancelled. */
  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'simple-json' })
  lines: readonly OrderLine[];

  /** Sum of all lines, in minor units. */
  @Column({ type: 'bigint', transformer: wholeNumber })
  amount: number;

  @Column({ type: 'text' })
  currency: string;

  @Column({ name: 'placed_at', type: 'text' })
  placedAt: string;

  /** Version of the order's stream. */
  @Column({ type: 'integer' })
  version: number;
}
