import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a stream was folded into, up to a version, so that it need not be folded from its first event. It can be deleted. */
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

  /** Id of the event of that version: a snapshot of another history is recognised by it. */
  @Column({ name: 'event_id', type: 'text' })
  eventId: string;

  /** Version of the state's shape, as the aggregate or the fold declares it. */
  @Column({ name: 'schema_version', type: 'integer' })
  schemaVersion: number;

  /** JSON. */
  @Column({ type: 'text' })
  state: string;
}
