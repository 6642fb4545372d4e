import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The signature of a witness below a checkpoint of this log. It was verified before it was stored. */
@Entity('leftfold_proof_cosignatures')
export class CosignatureEntity {
  @PrimaryColumn({ type: 'text' })
  origin: string;

  /** Size of the tree in the checkpoint. */
  @PrimaryColumn({ type: 'bigint' })
  size: number | string;

  /** Name and id of the witness's key. */
  @PrimaryColumn({ type: 'text' })
  witness: string;

  /** When the witness signed, in s since 1970. */
  @Column({ name: 'signed_at', type: 'bigint' })
  signedAt: number | string;

  /** The signature line. */
  @Column({ type: 'text' })
  signature: string;

  /** The checkpoint as a note, with the signatures of the log alone. */
  @Column({ type: 'text' })
  checkpoint: string;
}
