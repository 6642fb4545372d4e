import { Column, PrimaryColumn } from 'typeorm';

/** A subscription's row of state, in the database that its work commits to. Times are ms since 1970, UTC. */
export abstract class StateColumns {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** Version of the handler that did the work. Only read models raise it. */
  @Column({ type: 'integer' })
  version: number;

  /** JSON: stored types of the events that are counted. Null in a row that was made before they were stored. */
  @Column({ type: 'text', nullable: true })
  types: string | null;

  /** JSON: stored types of the events that some version of the program handles; see `declareTypes`. */
  @Column({ name: 'declared_types', type: 'text', nullable: true })
  declaredTypes: string | null;

  /** Id of the log that it follows. */
  @Column({ name: 'log_id', type: 'text' })
  logId: string;

  /** Events after this position are counted. */
  @Column({ name: 'start_position', type: 'bigint', default: 0 })
  startPosition: number;

  /** All events up to this position are handled, parked or discarded. */
  @Column({ type: 'bigint' })
  position: number;

  /** Id of the last event that was handled. */
  @Column({ name: 'event_id', type: 'text', nullable: true })
  eventId: string | null;

  /** Events handled between `start_position` and `position`. */
  @Column({ type: 'bigint' })
  handled: number;

  /** Events parked, to be retried later. */
  @Column({ type: 'bigint', default: 0 })
  parked: number;

  /** Events discarded by an operator. */
  @Column({ type: 'bigint', default: 0 })
  discarded: number;

  /** The process that holds the lease. */
  @Column({ type: 'text', nullable: true })
  owner: string | null;

  /** Epoch (fencing token), raised with every change of owner. A write with an older epoch is refused. */
  @Column({ type: 'bigint' })
  epoch: number;

  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

  /** Why it does not run: `paused` by an operator, `stopped` after an error. */
  @Column({ type: 'text', nullable: true })
  halted: 'paused' | 'stopped' | null;

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
