import { Column, PrimaryColumn } from 'typeorm';

/** Columns of a range of partitions of a subscription that is split between nodes. Times are ms since 1970, UTC. */
export abstract class RangeStateColumns {
  @PrimaryColumn({ type: 'text' })
  subscription: string;

  @PrimaryColumn({ name: 'first_partition', type: 'integer' })
  firstPartition: number;

  /** Included. */
  @Column({ name: 'last_partition', type: 'integer' })
  lastPartition: number;

  /** All events of its partitions up to this position are handled, parked or discarded. */
  @Column({ type: 'bigint' })
  position: number;

  /** JSON: partitions that are further, as a list of `{ first, last, position }`. */
  @Column({ type: 'text', nullable: true })
  done: string | null;

  /** The node that holds the lease. */
  @Column({ type: 'text', nullable: true })
  owner: string | null;

  /** Epoch (fencing token). No two ranges of a subscription ever had the same. */
  @Column({ type: 'bigint' })
  epoch: number;

  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

  /** Events handled since the subscription was split. */
  @Column({ type: 'bigint', default: 0 })
  handled: number;

  /** Events parked since the subscription was split. */
  @Column({ type: 'bigint', default: 0 })
  parked: number;

  /** Id of the last event that was handled. */
  @Column({ name: 'event_id', type: 'text', nullable: true })
  eventId: string | null;

  /** The last failure, until an event is handled. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null;

  /** Position of the event that is delivered alone, because a process crashed near it. */
  @Column({ name: 'attempt_position', type: 'bigint', nullable: true })
  attemptPosition: number | null;

  /** Number of attempts at it. */
  @Column({ type: 'integer', default: 0 })
  attempts: number;

  /** Number of stops after an error since the last progress. */
  @Column({ type: 'integer', default: 0 })
  restarts: number;

  /** When it starts again by itself after an error; null when it does not. */
  @Column({ name: 'restart_at', type: 'bigint', nullable: true })
  restartAt: number | null;
}
