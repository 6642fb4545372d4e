import type { Provider } from '@nestjs/common';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { ReadModelPositions } from '../read-models/read-model-positions.js';
import { Projector } from '../read-models/projector.js';
import { ReplicaReads } from '../read-models/replica-reads.js';
import { readModelsOf } from '../read-models/read-model-subscription.js';
import { RowLayouts } from '../read-models/row-layouts.js';
import { TableOwners } from '../read-models/table-owners.js';
import { readModelDeliveries } from './make-deliveries.js';
import { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

/** Injection token of what makes the deliveries of read models. */
export const OF_READ_MODEL = Symbol('leftfold.deliveries.read-model');

export const READ_MODEL_PROVIDERS: Provider[] = [
  {
    provide: RebuildStates,
    inject: [Databases],
    useFactory: ({ views }: Databases) => new RebuildStates(views.write),
  },
  {
    provide: Projector,
    inject: [Databases, RowLayouts, EventSerializer],
    useFactory: ({ views }: Databases, layouts: RowLayouts, serializer: EventSerializer) =>
      new Projector(views, layouts, serializer),
  },
  {
    provide: TableOwners,
    inject: [Databases, StatesByKind],
    useFactory: ({ views }: Databases, states: StatesByKind) => new TableOwners(views, states['read-model'].ranges),
  },
  {
    provide: ReadModelPositions,
    inject: [SubscriptionRegistry, StatesByKind, EventLog, OPTIONS],
    useFactory: (
      registry: SubscriptionRegistry,
      states: StatesByKind,
      log: EventLog,
      { readWaitLimit }: ResolvedOptions,
    ) => new ReadModelPositions(() => readModelsOf(registry), states['read-model'], log, readWaitLimit),
  },
  {
    provide: ReplicaReads,
    inject: [Databases, EventLog, SubscriptionRegistry],
    useFactory: async ({ views: { replicas } }: Databases, log: EventLog, registry: SubscriptionRegistry) => {
      replicas?.start(await log.id());
      return new ReplicaReads(replicas, () => readModelsOf(registry));
    },
  },
  {
    provide: OF_READ_MODEL,
    inject: [StatesByKind, EventLog, Databases, Projector, RebuildStates, ReadModelPositions],
    useFactory: readModelDeliveries,
  },
];
