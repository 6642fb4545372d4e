import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The row of state of a subscription; it lives in the database that its work commits to. Times are ms since 1970, UTC. */
abstract class StateColumns {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** Version of the handler that did the work; read models alone raise it. */
  @Column({ type: 'integer' })
  version: number;

  /** JSON: stored names of the events that are counted. Null in a row from before they were kept. */
  @Column({ type: 'text', nullable: true })
  types: string | null;

  /** The log that it follows. */
  @Column({ name: 'log_id', type: 'text' })
  logId: string;

  /** The events after this position are counted. */
  @Column({ name: 'start_position', type: 'bigint', default: 0 })
  startPosition: number;

  /** Everything up to here is handled, parked or discarded. */
  @Column({ type: 'bigint' })
  position: number;

  /** Id of the last event that was handled. */
  @Column({ name: 'event_id', type: 'text', nullable: true })
  eventId: string | null;

  /** Events handled between `start_position` and `position`. */
  @Column({ type: 'bigint' })
  handled: number;

  /** Events set aside, to be handled later. */
  @Column({ type: 'bigint', default: 0 })
  parked: number;

  /** Events that an operator gave up. */
  @Column({ type: 'bigint', default: 0 })
  discarded: number;

  /** The process that may write now. */
  @Column({ type: 'text', nullable: true })
  owner: string | null;

  /** Raised with every change of owner; a write that carries an older one is refused. */
  @Column({ type: 'bigint' })
  epoch: number;

  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

  /** Why nobody runs it: `paused` by an operator, `stopped` after an error. */
  @Column({ type: 'text', nullable: true })
  halted: 'paused' | 'stopped' | null;

  /** The last failure, until something succeeds. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null;

  /** The event that is tried alone, because a process died near it. */
  @Column({ name: 'attempt_position', type: 'bigint', nullable: true })
  attemptPosition: number | null;

  /** How often it was begun. */
  @Column({ type: 'integer', default: 0 })
  attempts: number;
}

/** Read models; in the `views` database. */
@Entity('leftfold_read_models')
export class ReadModelStateEntity extends StateColumns {
  /** `requested`, `running`, or `failed`; null when the tables are as they should be. */
  @Column({ type: 'text', nullable: true })
  rebuild: 'requested' | 'running' | 'failed' | null;

  /** 1 when it ends with the comparison, and the rows that serve stay. */
  @Column({ name: 'rebuild_dry_run', type: 'integer', default: 0 })
  rebuildDryRun: number;

  /** What the shadow tables are filled for; they are thrown away when it is no longer the same. */
  @Column({ name: 'rebuild_plan', type: 'text', nullable: true })
  rebuildPlan: string | null;

  @Column({ name: 'rebuild_position', type: 'bigint', nullable: true })
  rebuildPosition: number | null;

  @Column({ name: 'rebuild_event_id', type: 'text', nullable: true })
  rebuildEventId: string | null;

  @Column({ name: 'rebuild_handled', type: 'bigint', default: 0 })
  rebuildHandled: number;

  @Column({ name: 'rebuild_started_at', type: 'bigint', nullable: true })
  rebuildStartedAt: number | null;

  /** How often a process died at it since its position moved. */
  @Column({ name: 'rebuild_deaths', type: 'integer', default: 0 })
  rebuildDeaths: number;

  @Column({ name: 'rebuild_error', type: 'text', nullable: true })
  rebuildError: string | null;

  /** JSON: what the last rebuild that was finished found. */
  @Column({ name: 'rebuild_report', type: 'text', nullable: true })
  rebuildReport: string | null;
}

/** Side effects; in the `events` database. */
@Entity('leftfold_subscriptions')
export class SubscriptionStateEntity extends StateColumns {
  /** The name under which another one goes on in its place. */
  @Column({ type: 'text', nullable: true })
  successor: string | null;
}
