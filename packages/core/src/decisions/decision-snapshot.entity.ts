import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last stored state of a decision model for one query. Can be deleted at any time. */
@Entity('leftfold_decision_snapshots')
export class DecisionSnapshotEntity {
  /** Name of the model. */
  @PrimaryColumn({ type: 'text' })
  model: string;

  /** SHA-256 of the query, with all names under which its events may be stored. */
  @PrimaryColumn({ type: 'text' })
  query: string;

  /** Version of the state's shape, as the model declares it. */
  @Column({ name: 'schema_version', type: 'integer' })
  schemaVersion: number;

  /** Position of the last event that the state includes. */
  @Column({ type: 'bigint' })
  position: number;

  /** Id of that event. It tells a snapshot of this log from one of another history. */
  @Column({ name: 'event_id', type: 'text' })
  eventId: string;

  /** JSON. */
  @Column({ type: 'text' })
  state: string;
}
