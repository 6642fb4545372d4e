import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A password hash. It is kept beside the log because what is in the log stays for ever. */
@Entity('credentials')
export class CredentialEntity {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  /** Which password of the user it is of: the log says which one counts. Empty for the one from the registration. */
  @PrimaryColumn({ name: 'password_id', type: 'text' })
  passwordId: string;

  /** Argon2id, in PHC string format. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash: string;

  /** Milliseconds since 1970, UTC. */
  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;
}
