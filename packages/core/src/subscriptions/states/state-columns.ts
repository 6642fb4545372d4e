import { Column, PrimaryColumn } from 'typeorm';
import { CheckpointColumns } from './checkpoint-columns.js';

/** A subscription's row of state, in the database that its work commits to. */
export abstract class StateColumns extends CheckpointColumns {
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

  /** Events handled between `start_position` and `position`. */
  @Column({ type: 'bigint' })
  handled: number;

  /** Events after `start_position` that are parked, to be retried later. */
  @Column({ type: 'bigint', default: 0 })
  parked: number;

  /** Events discarded by an operator. */
  @Column({ type: 'bigint', default: 0 })
  discarded: number;

  /** Why it does not run: `paused` by an operator, `stopped` after an error. */
  @Column({ type: 'text', nullable: true })
  halted: 'paused' | 'stopped' | null;
}
