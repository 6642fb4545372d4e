import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The events of one chunk of the log that have one type, category, actor or correlation id. */
@Entity('leftfold_look_ups')
export class LookUpEntity {
  /** Hash of the value; see `keyOf`. */
  @PrimaryColumn({ type: 'bigint' })
  key: number;

  /** Number of the chunk, from 0. */
  @PrimaryColumn({ type: 'integer' })
  chunk: number;

  /** Places of the events in the chunk; see `encodePlaces`. */
  @Column({ type: 'text' })
  places: string;
}
