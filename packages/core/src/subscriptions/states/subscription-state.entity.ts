import { Column, Entity } from 'typeorm';
import { StateColumns } from './state-columns.js';

/** Row of state of a side effect or saga; in the `events` database. */
@Entity('leftfold_subscriptions')
export class SubscriptionStateEntity extends StateColumns {
  /** Name of the subscription that has taken over from this one. */
  @Column({ type: 'text', nullable: true })
  successor: string | null;

  /** Those of the discarded events that are not counted, because they are at `start_position` or before. */
  @Column({ name: 'discarded_before', type: 'bigint', default: 0 })
  discardedBefore: number;
}
