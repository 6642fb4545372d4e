import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * `retrying`: it failed, and is retried when it is due. `dead`: its attempts are used up, an operator decides.
 * `waiting`: an earlier event of its stream is `retrying` or `dead`.
 */
export type ParkedState = 'retrying' | 'dead' | 'waiting';

/** A parked event of a subscription. Times are ms since 1970, UTC. */
@Entity('leftfold_parked_events')
@Unique('leftfold_parked_events_position', ['subscription', 'position'])
@Index('leftfold_parked_events_stream', ['subscription', 'stream', 'position'])
@Index('leftfold_parked_events_due', ['subscription', 'dueAt'])
@Index('leftfold_parked_events_state', ['state', 'id'])
export class ParkedEventEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  subscription: string;

  @Column({ type: 'text' })
  stream: string;

  @Column({ type: 'bigint' })
  position: number;

  @Column({ type: 'text' })
  state: ParkedState;

  /** When it is retried; set while it is `retrying`. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true })
  dueAt: number | null;

  /** Attempts since it was parked, or since an operator requested a retry. */
  @Column({ type: 'integer' })
  tries: number;

  /** Total number of attempts. */
  @Column({ type: 'integer' })
  attempts: number;

  @Column({ name: 'first_failed_at', type: 'bigint', nullable: true })
  firstFailedAt: number | null;

  @Column({ name: 'last_failed_at', type: 'bigint', nullable: true })
  lastFailedAt: number | null;

  @Column({ type: 'text', nullable: true })
  error: string | null;

  @Column({ type: 'text', nullable: true })
  stack: string | null;
}
