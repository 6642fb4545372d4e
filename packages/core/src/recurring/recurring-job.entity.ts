import { Column, Entity, PrimaryColumn } from 'typeorm';

/** State of the recurring jobs, one row for each. Times are ms since 1970, UTC. */
@Entity('leftfold_recurring_jobs')
export class RecurringJobEntity {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** See `JobSchedule.text`. */
  @Column({ type: 'text' })
  schedule: string;

  /** The next due time; null if there is none. */
  @Column({ name: 'next_due', type: 'bigint', nullable: true })
  nextDue: number | null;

  /** 1 while an operator has paused it. */
  @Column({ type: 'integer', default: 0 })
  paused: number;

  /** The last due time that was run, or the time of the last run by hand. */
  @Column({ name: 'last_run', type: 'bigint', nullable: true })
  lastRun: number | null;
}
