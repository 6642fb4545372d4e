import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The folded state of a stream up to a version, so that folding need not begin at the first event. Can be deleted at
 * any time.
 */
@Entity('leftfold_snapshots')
export class SnapshotEntity {
  @PrimaryColumn({ type: 'text' })
  stream: string;

  /** Name of the fold; `aggregate` for the aggregate itself. */
  @PrimaryColumn({ type: 'text' })
  fold: string;

  /** Version of the stream that the state includes. */
  @PrimaryColumn({ type: 'bigint' })
  version: number;

  /** Id of the event of that version. It tells a snapshot of this log from one of another history. */
  @Column({ name: 'event_id', type: 'text' })
  eventId: string;

  /** Version of the state's shape, as the aggregate or the fold declares it. */
  @Column({ name: 'schema_version', type: 'integer' })
  schemaVersion: number;

  /** JSON. */
  @Column({ type: 'text' })
  state: string;
}
