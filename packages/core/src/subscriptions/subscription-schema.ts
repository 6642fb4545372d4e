import type { Schema } from '../databases/schema.js';
import { CreateSubscriptions1750000300000 } from './migrations/events/1750000300000-create-subscriptions.js';
import { AddSuccessors1750001400000 } from './migrations/events/1750001400000-add-successors.js';
import { CreateReadModelState1750000000000 } from './migrations/views/1750000000000-create-read-model-state.js';
import { ExtendReadModelState1750000300000 } from './migrations/views/1750000300000-extend-read-model-state.js';
import { AddDryRuns1750000600000 } from './migrations/views/1750000600000-add-dry-runs.js';
import { CreateReadModelTables1750000900000 } from './migrations/views/1750000900000-create-read-model-tables.js';
import { ParkedEventEntity } from './parking/parked-event.entity.js';
import { ReadModelStateEntity, SubscriptionStateEntity } from './states/subscription-state.entity.js';

/** The subscriptions' tables in the `events` database. */
export const STATES_BESIDE_THE_LOG: Schema = {
  entities: [SubscriptionStateEntity, ParkedEventEntity],
  migrations: [CreateSubscriptions1750000300000, AddSuccessors1750001400000],
};

/** The subscriptions' tables in the `views` database. */
export const STATES_OF_READ_MODELS: Schema = {
  entities: [ReadModelStateEntity],
  migrations: [
    CreateReadModelState1750000000000,
    ExtendReadModelState1750000300000,
    AddDryRuns1750000600000,
    CreateReadModelTables1750000900000,
  ],
};
