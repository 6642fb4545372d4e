import { Entity, PrimaryColumn } from 'typeorm';
import { RangeStateColumns } from '../subscriptions/ranges/range-state-columns.js';

/** A range of a read model that is split between nodes; in the `views` database. */
@Entity('leftfold_read_model_ranges')
export class ReadModelRangeEntity extends RangeStateColumns {}

/** A transaction that changes which ranges a read model has locks this row first. */
@Entity('leftfold_read_model_splits')
export class ReadModelSplitEntity {
  @PrimaryColumn({ type: 'text' })
  subscription: string;
}
