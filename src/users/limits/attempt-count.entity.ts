import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Recent attempts under one counter. Account and address are hashed. */
@Entity('attempt_counts')
@Index('attempt_counts_expiry', ['expiresAt'])
export class AttemptCountEntity {
  /** Purpose and hashes, such as `sign-in address <hash>`. */
  @PrimaryColumn({ type: 'text' })
  counter: string;

  /** The latest attempts, as JSON: a list of pairs of a time (ms since 1970, UTC) and an id. */
  @Column({ type: 'text', default: '[]' })
  attempts: string;

  /** When the last of them stops counting: ms since 1970, UTC. PostgreSQL's driver reads a bigint as text. */
  @Column({ name: 'expires_at', type: 'bigint', transformer: { to: (at: number) => at, from: Number } })
  expiresAt: number;
}
