import { Column, PrimaryColumn } from 'typeorm';
import { CheckpointColumns } from '../states/checkpoint-columns.js';

/** A range of partitions of a subscription that is split between nodes. No two ranges of a subscription ever had the same epoch. */
export abstract class RangeStateColumns extends CheckpointColumns {
  @PrimaryColumn({ type: 'text' })
  subscription: string;

  @PrimaryColumn({ name: 'first_partition', type: 'integer' })
  firstPartition: number;

  /** Included. */
  @Column({ name: 'last_partition', type: 'integer' })
  lastPartition: number;

  /** JSON: partitions that are further, as a list of `{ first, last, position }`. */
  @Column({ type: 'text', nullable: true })
  done: string | null;

  /** Events handled since the subscription was split. */
  @Column({ type: 'bigint', default: 0 })
  handled: number;

  /** Events parked since the subscription was split. */
  @Column({ type: 'bigint', default: 0 })
  parked: number;
}
