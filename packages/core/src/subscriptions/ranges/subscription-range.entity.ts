import { Entity, PrimaryColumn } from 'typeorm';
import { RangeStateColumns } from './range-state-columns.js';

/** A range of a side effect or a saga. */
@Entity('leftfold_subscription_ranges')
export class SubscriptionRangeEntity extends RangeStateColumns {}

/** A transaction that changes which ranges a subscription has locks this row first. */
@Entity('leftfold_subscription_splits')
export class SubscriptionSplitEntity {
  @PrimaryColumn({ type: 'text' })
  subscription: string;
}
