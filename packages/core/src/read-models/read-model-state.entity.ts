import { Column, Entity } from 'typeorm';
import { StateColumns } from '../subscriptions/states/state-columns.js';

/** Row of state of a read model; in the `views` database. */
@Entity('leftfold_read_models')
export class ReadModelStateEntity extends StateColumns {
  /** `requested`, `running`, or `failed`; null when no rebuild is needed. */
  @Column({ type: 'text', nullable: true })
  rebuild: 'requested' | 'running' | 'failed' | null;

  /** 1 for a dry run, which ends with the comparison and keeps the live rows. */
  @Column({ name: 'rebuild_dry_run', type: 'integer', default: 0 })
  rebuildDryRun: number;

  /** What the shadow tables are filled for. When the plan changes, they are discarded. */
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

  /** Number of crashes during the rebuild since its position last moved. */
  @Column({ name: 'rebuild_deaths', type: 'integer', default: 0 })
  rebuildDeaths: number;

  @Column({ name: 'rebuild_error', type: 'text', nullable: true })
  rebuildError: string | null;

  /** JSON: result of the last finished rebuild. */
  @Column({ name: 'rebuild_report', type: 'text', nullable: true })
  rebuildReport: string | null;
}
