import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A process that serves requests or runs subscriptions. Times are ms since 1970, UTC, by the database's clock. */
@Entity('leftfold_nodes')
export class NodeEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  /** JSON: names of the subscriptions that it runs and that can be split. */
  @Column({ type: 'text' })
  subscriptions: string;

  /** JSON: what it does, `api` or `worker` or both. Null if its program is older than this column, like the next two. */
  @Column({ type: 'text', nullable: true })
  roles: string | null;

  /** Version of its program. */
  @Column({ type: 'text', nullable: true })
  version: string | null;

  /** Most partitions of a subscription that it runs; null for no limit. */
  @Column({ name: 'partition_limit', type: 'integer', nullable: true })
  partitionLimit: number | null;

  /** When it came, or came back after its sign of life had expired. Nodes divide the partitions in this order. */
  @Column({ name: 'started_at', type: 'bigint' })
  startedAt: number;

  @Column({ name: 'seen_at', type: 'bigint' })
  seenAt: number;

  /** Without a new sign of life it counts as gone from then on. */
  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;
}
