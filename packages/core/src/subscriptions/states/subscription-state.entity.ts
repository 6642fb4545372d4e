import { Column, Entity } from 'typeorm';
import { StateColumns } from './state-columns.js';

/** Row of state of a side effect or saga; in the `events` database. */
@Entity('leftfold_subscriptions')
export class SubscriptionStateEntity extends StateColumns {
  /** Name of the subscription that has taken over from this one. */
  @Column({ type: 'text', nullable: true })
  successor: string | null;
}
