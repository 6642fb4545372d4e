import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A password hash. It is kept beside the log because events are kept for ever. */
@Entity('credentials')
export class CredentialEntity {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  /** Id of the password: the log says which one is current. Empty for the password of the registration. */
  @PrimaryColumn({ name: 'password_id', type: 'text' })
  passwordId: string;

  /** Argon2id, in PHC string format. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash: string;

  /** Milliseconds since 1970, UTC. */
  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;
}
