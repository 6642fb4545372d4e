import type { Schema } from '../databases/schema.js';
import { CreateSubscriptions1750000300000 } from './migrations/events/1750000300000-create-subscriptions.js';
import { AddSuccessors1750001400000 } from './migrations/events/1750001400000-add-successors.js';
import { CreateRanges1750003100000 } from './migrations/events/1750003100000-create-ranges.js';
import { AddRestarts1750003200000 } from './migrations/events/1750003200000-add-restarts.js';
import { AddDeclaredTypes1750003210000 } from './migrations/events/1750003210000-add-declared-types.js';
import { DescribeNodes1750003400000 } from './migrations/events/1750003400000-describe-nodes.js';
import { AddDiscardedBefore1750004030000 } from './migrations/events/1750004030000-add-discarded-before.js';
import { ParkedEventEntity } from './parking/parked-event.entity.js';
import { NodeEntity } from './ranges/node.entity.js';
import { SubscriptionRangeEntity, SubscriptionSplitEntity } from './ranges/subscription-range.entity.js';
import { SubscriptionStateEntity } from './states/subscription-state.entity.js';

/** The tables of side effects and sagas, in the `events` database. */
export const SUBSCRIPTION_SCHEMA: Schema = {
  entities: [SubscriptionStateEntity, ParkedEventEntity, NodeEntity, SubscriptionRangeEntity, SubscriptionSplitEntity],
  migrations: [
    CreateSubscriptions1750000300000,
    AddSuccessors1750001400000,
    CreateRanges1750003100000,
    AddRestarts1750003200000,
    AddDeclaredTypes1750003210000,
    DescribeNodes1750003400000,
    AddDiscardedBefore1750004030000,
  ],
};
