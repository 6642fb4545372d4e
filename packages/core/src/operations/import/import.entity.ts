import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An import that began in an empty log. */
@Entity('leftfold_imports')
export class ImportEntity {
  /** Id of the log that was exported, or a hash of the first line of another file. */
  @PrimaryColumn({ type: 'text' })
  source: string;

  /** The process that stores its events. Another one that goes on with it takes its place. */
  @Column({ type: 'text' })
  owner: string;

  /** The last position that it has stored. The log had no other events when it did. */
  @Column({ type: 'bigint' })
  position: number;
}
