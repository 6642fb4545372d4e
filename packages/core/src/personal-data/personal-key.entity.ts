import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The key of a subject of personal data, or what is left of it. Times are ms since 1970, UTC. */
@Entity('leftfold_personal_keys')
export class PersonalKeyEntity {
  @PrimaryColumn({ type: 'text' })
  subject: string;

  /** Null for a subject that was forgotten before it had a key. */
  @Column({ name: 'key_id', type: 'text', nullable: true })
  keyId: string | null;

  /** The key, encrypted with the master key; null when it is deleted. */
  @Column({ type: 'text', nullable: true })
  wrapped: string | null;

  /** Fingerprint of that master key. */
  @Column({ type: 'text', nullable: true })
  master: string | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  /** When the forgetting began, by the database's clock. */
  @Column({ name: 'forgetting_since', type: 'bigint', nullable: true })
  forgettingSince: number | null;

  /** The event that forgets the subject: when it was recorded, its id and its position. */
  @Column({ name: 'forgotten_at', type: 'bigint', nullable: true })
  forgottenAt: number | null;

  @Column({ name: 'forgotten_by', type: 'text', nullable: true })
  forgottenBy: string | null;

  @Column({ name: 'forgotten_position', type: 'bigint', nullable: true })
  forgottenPosition: number | null;
}
