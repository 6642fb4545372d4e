import type { StateTable } from '../states/stored-checkpoints.js';

/** Tables of the subscriptions that can be split, in one database. */
export interface RangeTables {
  /** The rows of state. */
  readonly states: StateTable;
  readonly ranges: string;
  /** Whether a rebuild is due, as SQL over the row of state. */
  readonly rebuild: string;
  /** One row for each subscription that was ever split; it is locked while its ranges change. */
  readonly splits: string;
}

/** Those of side effects and sagas, beside the log. */
export const SUBSCRIPTION_RANGES: RangeTables = {
  states: 'leftfold_subscriptions',
  ranges: 'leftfold_subscription_ranges',
  splits: 'leftfold_subscription_splits',
  rebuild: 'cast(null as text)',
};

/** Those of read models, beside their rows. */
export const READ_MODEL_RANGES: RangeTables = {
  states: 'leftfold_read_models',
  ranges: 'leftfold_read_model_ranges',
  splits: 'leftfold_read_model_splits',
  rebuild: 's.rebuild',
};
