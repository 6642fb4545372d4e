import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The tree as far as it has grown: one row. */
@Entity('leftfold_proof_tree')
export class ProofTreeEntity {
  /** Always 1. */
  @PrimaryColumn({ type: 'integer' })
  id: number;

  /** Names the log in checkpoints. */
  @Column({ type: 'text' })
  origin: string;

  /** JSON: origins that were given up, as texts. */
  @Column({ name: 'former_origins', type: 'text' })
  formerOrigins: string;

  /** Number of leaves. */
  @Column({ type: 'bigint' })
  size: number | string;

  /** JSON: partial tiles of the levels, in base64. */
  @Column({ type: 'text' })
  edge: string;

  /** The last signed checkpoint, as a note. */
  @Column({ type: 'text', nullable: true })
  checkpoint: string | null;

  /** Size of the tree in that checkpoint. */
  @Column({ name: 'checkpoint_size', type: 'bigint' })
  checkpointSize: number | string;
}

/** A full tile of hashes. It never changes. */
@Entity('leftfold_proof_tiles')
export class ProofTileEntity {
  @PrimaryColumn({ type: 'integer' })
  level: number;

  @PrimaryColumn({ name: 'tile', type: 'bigint' })
  index: number | string;

  /** 256 hashes of 32 bytes, in base64. */
  @Column({ type: 'text' })
  hashes: string;
}
