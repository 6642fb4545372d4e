import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A sign-in that was wrong. Account and address are hashed. */
@Entity('sign_in_attempts')
@Index('sign_in_attempts_account', ['account'])
@Index('sign_in_attempts_address', ['address'])
export class SignInAttemptEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  account: string;

  @Column({ type: 'text' })
  address: string;

  /** Milliseconds since 1970, UTC. PostgreSQL's driver reads a bigint as text. */
  @Column({ type: 'bigint', transformer: { to: (at: number) => at, from: Number } })
  at: number;
}
