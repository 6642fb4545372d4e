import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A node that runs subscriptions. Times are ms since 1970, UTC, by the database's clock. */
@Entity('leftfold_nodes')
export class NodeEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  /** JSON: names of the subscriptions that it runs and that can be split. */
  @Column({ type: 'text' })
  subscriptions: string;

  /** When it came, or came back after its sign of life had expired. Nodes divide the partitions in this order. */
  @Column({ name: 'started_at', type: 'bigint' })
  startedAt: number;

  @Column({ name: 'seen_at', type: 'bigint' })
  seenAt: number;

  /** Without a new sign of life it counts as gone from then on. */
  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;
}
