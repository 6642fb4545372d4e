import { Column } from 'typeorm';

/** Columns of a checkpoint and its lease, in a row of state and in a range of partitions. Times are ms since 1970, UTC. */
export abstract class CheckpointColumns {
  /** All events up to this position are handled, parked or discarded; for a range, those of its partitions. */
  @Column({ type: 'bigint' })
  position: number;

  /** Id of the last event that was handled. */
  @Column({ name: 'event_id', type: 'text', nullable: true })
  eventId: string | null;

  /** The node that holds the lease. */
  @Column({ type: 'text', nullable: true })
  owner: string | null;

  /** Epoch (fencing token), raised with every change of owner. A write with an older epoch is refused. */
  @Column({ type: 'bigint' })
  epoch: number;

  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

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
