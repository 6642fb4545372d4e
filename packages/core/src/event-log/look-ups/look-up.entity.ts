import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The events of one chunk of the log that have one type, category, actor or correlation id; or a packed row, with rare values
 * of a run of chunks.
 */
@Entity('leftfold_look_ups')
export class LookUpEntity {
  /** Hash of the value; see `keyOf`. Of a packed row it is below 0; see `packedKeyOf`. */
  @PrimaryColumn({ type: 'bigint' })
  key: number;

  /** Number of the chunk, from 0; of a packed row, of the first one. */
  @PrimaryColumn({ type: 'integer' })
  chunk: number;

  /** Places of the events in the chunk, see `encodePlaces`; of a packed row its entries, see `rowsOf`. */
  @Column({ type: 'text' })
  places: string;
}
