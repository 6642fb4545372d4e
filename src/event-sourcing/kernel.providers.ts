import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DataSource, EntityManager } from 'typeorm';
import { AggregateLoader } from './aggregates/aggregate-loader.js';
import { AggregateRepository } from './aggregates/aggregate-repository.js';
import { describeAggregate } from './aggregates/aggregate.decorator.js';
import { checkAggregate, checkSnapshots } from './aggregates/check-aggregate.js';
import { CreateSnapshots1750000200000 } from './aggregates/migrations/events/1750000200000-create-snapshots.js';
import { SnapshotEntity } from './aggregates/snapshot.entity.js';
import { Snapshots } from './aggregates/snapshots.js';
import { StreamHistory } from './aggregates/stream-history.js';
import { CommandExpiry } from './commands/command-expiry.js';
import { MessageContext } from './commands/message-context.js';
import type { DatabaseTarget } from './databases/database-url.js';
import { Databases } from './databases/databases.js';
import { type Schema, openDatabase } from './databases/open-database.js';
import { SetupError } from './errors.js';
import { EventLog } from './event-log/event-log.js';
import { LOG_SCHEMA } from './event-log/log-schema.js';
import { openEventLog } from './event-log/open-event-log.js';
import { EventRegistry } from './events/event-registry.js';
import { EventSerializer } from './events/event-serializer.js';
import { type FeatureDefinition, collectFeatures } from './feature-definition.js';
import { ReadModelPositions } from './read-models/read-model-positions.js';
import { refuseSecondCqrsModule } from './single-cqrs-module.js';
import { LogTail } from './subscriptions/log-tail.js';
import { CreateReadModelState1750000000000 } from './subscriptions/migrations/views/1750000000000-create-read-model-state.js';
import { ReadModelStateEntity } from './subscriptions/read-model-state.entity.js';
import { ReadModelStates } from './subscriptions/read-model-states.js';
import { SubscriptionHost } from './subscriptions/subscription-host.js';
import { SubscriptionRegistry } from './subscriptions/subscription-registry.js';
import { Subscriptions } from './subscriptions/subscriptions.js';

export interface EventSourcingOptions {
  /** The event log. */
  readonly events: DatabaseTarget;
  /** The read models. */
  readonly views: DatabaseTarget;
  /** Largest size of one event's data, in bytes. */
  readonly eventSizeLimit: number;
  /** Events between two snapshots of an aggregate; 0 turns them off. */
  readonly snapshotEvery: number;
  /** After so many ms without a sign of life a subscription is taken over. */
  readonly leaseTtl: number;
  /** The longest that a query waits for a position, in ms. */
  readonly readWaitLimit: number;
  /** Whether this process runs subscriptions. */
  readonly runSubscriptions: boolean;
}

export const OPTIONS = Symbol('leftfold.options');
const FEATURES = Symbol('leftfold.features');

export const KERNEL_PROVIDERS: Provider[] = [
  MessageContext,
  CommandExpiry,
  {
    provide: FEATURES,
    inject: [ModulesContainer],
    useFactory: (modules: ModulesContainer) => {
      refuseSecondCqrsModule(modules);
      return collectFeatures(modules);
    },
  },
  {
    provide: EventRegistry,
    inject: [FEATURES],
    useFactory: registerEvents,
  },
  {
    provide: Databases,
    // The registry is asked for first: a program that is put together wrongly touches no database.
    inject: [OPTIONS, FEATURES, EventRegistry],
    useFactory: async (options: EventSourcingOptions, features: FeatureDefinition[]) => {
      const events = await openDatabase('events', options.events, logSchema(features));
      try {
        return new Databases(events, await openDatabase('views', options.views, viewsSchema(features)));
      } catch (error) {
        await events.close();
        throw error;
      }
    },
  },
  {
    provide: EventLog,
    inject: [Databases, OPTIONS],
    useFactory: ({ events }: Databases, { eventSizeLimit }: EventSourcingOptions) =>
      openEventLog(events, { eventSizeLimit }),
  },
  {
    provide: EventSerializer,
    inject: [EventRegistry],
    useFactory: (registry: EventRegistry) => new EventSerializer(registry),
  },
  StreamHistory,
  {
    provide: Snapshots,
    inject: [Databases, OPTIONS],
    useFactory: (databases: Databases, { snapshotEvery }: EventSourcingOptions) =>
      new Snapshots(databases, snapshotEvery),
  },
  AggregateLoader,
  AggregateRepository,
  LogTail,
  {
    provide: SubscriptionRegistry,
    inject: [EventRegistry],
    useFactory: (registry: EventRegistry) => new SubscriptionRegistry(registry),
  },
  {
    provide: ReadModelStates,
    inject: [Databases, OPTIONS],
    useFactory: ({ views }: Databases, { leaseTtl }: EventSourcingOptions) =>
      new ReadModelStates(views, `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`, leaseTtl),
  },
  {
    provide: ReadModelPositions,
    inject: [SubscriptionRegistry, ReadModelStates, EventLog, OPTIONS],
    useFactory: (
      registry: SubscriptionRegistry,
      states: ReadModelStates,
      log: EventLog,
      { readWaitLimit }: EventSourcingOptions,
    ) => new ReadModelPositions(registry, states, log, readWaitLimit),
  },
  {
    provide: SubscriptionHost,
    inject: [
      SubscriptionRegistry,
      EventLog,
      LogTail,
      EventSerializer,
      ReadModelStates,
      ReadModelPositions,
      Databases,
      OPTIONS,
    ],
    useFactory: (
      registry: SubscriptionRegistry,
      log: EventLog,
      tail: LogTail,
      serializer: EventSerializer,
      states: ReadModelStates,
      positions: ReadModelPositions,
      databases: Databases,
      { leaseTtl, runSubscriptions }: EventSourcingOptions,
    ) =>
      new SubscriptionHost(
        registry,
        { log, tail, serializer, states, positions, views: databases.views.write, claimInterval: leaseTtl / 4 },
        { run: runSubscriptions, renewInterval: leaseTtl / 3 },
      ),
  },
  { provide: Subscriptions, useExisting: SubscriptionHost },
  // The application's default DataSource is the read side of the read models: queries can't write.
  { provide: DataSource, inject: [Databases], useFactory: ({ views }: Databases) => views.read },
  { provide: EntityManager, inject: [DataSource], useFactory: (views: DataSource) => views.manager },
];

function registerEvents(features: readonly FeatureDefinition[]): EventRegistry {
  const registry = new EventRegistry();
  const categories = new Map<string, string>();
  for (const { aggregates = [], events = [], droppedEvents = [] } of features) {
    for (const aggregateClass of aggregates) {
      const { category, events: listed } = describeAggregate(aggregateClass);
      if (categories.has(category)) {
        throw new SetupError(
          `${categories.get(category)} and ${aggregateClass.name} both have the category "${category}". Give one another.`,
        );
      }
      categories.set(category, aggregateClass.name);
      for (const eventClass of listed) registry.register(eventClass);
      checkAggregate(aggregateClass);
      checkSnapshots(aggregateClass);
    }
    for (const eventClass of events) registry.register(eventClass);
    for (const type of droppedEvents) registry.drop(type);
  }
  return registry;
}

function logSchema(features: readonly FeatureDefinition[]): Schema {
  return {
    entities: [...LOG_SCHEMA.entities, SnapshotEntity, ...features.flatMap((each) => each.besideTheLog ?? [])],
    migrations: [
      ...LOG_SCHEMA.migrations,
      CreateSnapshots1750000200000,
      ...features.flatMap((each) => each.migrations?.events ?? []),
    ],
  };
}

function viewsSchema(features: readonly FeatureDefinition[]): Schema {
  return {
    entities: [ReadModelStateEntity, ...features.flatMap((each) => each.readModels ?? [])],
    migrations: [CreateReadModelState1750000000000, ...features.flatMap((each) => each.migrations?.views ?? [])],
  };
}
