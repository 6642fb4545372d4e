import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import { describeAggregate } from '../aggregates/aggregate.decorator.js';
import { checkAggregate, checkSnapshots } from '../aggregates/check-aggregate.js';
import { CreateSnapshots1750000200000 } from '../aggregates/migrations/events/1750000200000-create-snapshots.js';
import { KeepSnapshots1750001410000 } from '../aggregates/migrations/events/1750001410000-keep-snapshots.js';
import { SnapshotEntity } from '../aggregates/snapshot.entity.js';
import { KeptHistories } from '../aggregates/kept-histories.js';
import { Snapshots } from '../aggregates/snapshots.js';
import { StreamHistory } from '../aggregates/stream-history.js';
import { CommandExpiry } from '../commands/command-expiry.js';
import { MessageContext } from '../commands/message-context.js';
import { AggregateRepository } from '../decisions/aggregate-repository.js';
import { DecisionBasis } from '../decisions/decision-basis.js';
import { DecisionModels } from '../decisions/decision-models.js';
import { DecisionSnapshotEntity } from '../decisions/decision-snapshot.entity.js';
import { Decisions } from '../decisions/decisions.js';
import { CreateDecisionSnapshots1750002100000 } from '../decisions/migrations/events/1750002100000-create-decision-snapshots.js';
import { ModelSnapshots } from '../decisions/model-snapshots.js';
import { ModelStates } from '../decisions/model-states.js';
import { DatabaseLimits } from '../databases/database-limits.js';
import { Databases } from '../databases/databases.js';
import { openDatabase } from '../databases/open-database.js';
import type { Schema } from '../databases/schema.js';
import { SetupError } from '../errors.js';
import { EventLog } from '../event-log/event-log.js';
import { LogStatistics } from '../event-log/log-statistics.js';
import { LOG_SCHEMA } from '../event-log/log-schema.js';
import { TagVersions } from '../event-log/tag-versions.js';
import { openEventLog } from '../event-log/open-event-log.js';
import { EventRegistry } from '../events/event-registry.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { SnapshotCopies } from '../aggregates/snapshot-copies.js';
import { KeyRing } from '../personal-data/key-ring.js';
import { PERSONAL_DATA_SCHEMA } from '../personal-data/personal-data-schema.js';
import { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { LAZY_MASTER_KEYS, PERSONAL_DATA_PROVIDERS } from './personal-data.providers.js';
import { READ_SIDES } from '../databases/read-sides.js';
import { type FeatureDefinition, collectFeatures } from './feature-definition.js';
import { OpenKernel } from './open-kernel.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { INBOX_SCHEMA } from '../inbox/inbox-schema.js';
import { RECURRING_SCHEMA } from '../recurring/recurring-schema.js';
import { SAGA_SCHEMA } from '../sagas/saga-schema.js';
import { RowLayouts } from '../read-models/row-layouts.js';
import { refuseSecondCqrsModule } from './single-cqrs-module.js';
import { SUBSCRIPTION_PROVIDERS } from './subscription.providers.js';
import { READ_MODEL_SCHEMA } from '../read-models/read-model-schema.js';
import { runningNodes } from '../subscriptions/ranges/running-nodes.js';
import { SUBSCRIPTION_SCHEMA } from '../subscriptions/subscription-schema.js';
import { Telemetry } from '../telemetry.js';
import { TagCheck } from '../operations/tags/check-tags.js';
import { ImportEntity } from '../operations/import/import.entity.js';
import { CreateImports1750003300000 } from '../operations/import/migrations/events/1750003300000-create-imports.js';
import { LookUpRebuild } from '../operations/look-ups/look-up-rebuild.js';
import { TagRebuild } from '../operations/tags/tag-rebuild.js';
import { LogSeal } from '../operations/log-seal.js';
import { LogVerifier } from '../operations/verify/log-verifier.js';
import { TagAudit } from '../operations/verify/tag-audit.js';

const FEATURES = Symbol('leftfold.features');

export const KERNEL_PROVIDERS: Provider[] = [
  MessageContext,
  Telemetry,
  {
    provide: CommandExpiry,
    inject: [EventLog, OPTIONS],
    useFactory: (log: EventLog, { oneOff }: ResolvedOptions) => new CommandExpiry(log, !oneOff),
  },
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
    provide: DecisionModels,
    inject: [FEATURES, EventRegistry],
    useFactory: (features: readonly FeatureDefinition[], registry: EventRegistry) =>
      new DecisionModels(
        features.flatMap(({ decisionModels = [] }) => decisionModels),
        registry,
      ),
  },
  {
    provide: DatabaseLimits,
    inject: [OPTIONS],
    useFactory: ({ databaseLimits }: ResolvedOptions) => Object.assign(new DatabaseLimits(), databaseLimits),
  },
  {
    provide: Databases,
    // The registries are injected so that they are checked first: a program with a wrong setup opens no database.
    inject: [OPTIONS, DatabaseLimits, FEATURES, DecisionModels, LAZY_MASTER_KEYS],
    useFactory: async (options: ResolvedOptions, limits: DatabaseLimits, features: FeatureDefinition[]) => {
      const { tablePrefix, schema } = options;
      const place = { tablePrefix, schema, limits };
      const events = await openDatabase('events', options.events, logSchema(features), {
        ...place,
        mustExist: options.oneOff && !options.mayCreate,
        running: runningNodes,
      });
      try {
        // New read model tables follow the log's prefix, also in a log that was made without a prefix.
        const newTables = events.namespace.prefix;
        const views = await openDatabase('views', options.views, viewsSchema(features), {
          ...place,
          newTables,
          beside: events,
          running: () => runningNodes(events.write),
          replicas: options.oneOff ? [] : options.viewsReplicas,
        });
        return new Databases(events, views);
      } catch (error) {
        await events.close();
        throw error;
      }
    },
  },
  {
    provide: RowLayouts,
    inject: [Databases, FEATURES, OPTIONS],
    useFactory: readLayouts,
  },
  {
    provide: EventLog,
    inject: [Databases, OPTIONS, Telemetry, PersonalFieldsCipher],
    useFactory: (
      { events }: Databases,
      { eventSizeLimit }: ResolvedOptions,
      telemetry: Telemetry,
      personal: PersonalFieldsCipher,
    ) => openEventLog(events, { eventSizeLimit, telemetry, personal }),
  },
  {
    provide: EventSerializer,
    inject: [EventRegistry],
    useFactory: (registry: EventRegistry) => new EventSerializer(registry),
  },
  {
    provide: TagVersions,
    inject: [Databases, EventRegistry],
    useFactory: (databases: Databases, registry: EventRegistry) => new TagVersions(databases, registry),
  },
  {
    provide: TagCheck,
    inject: [TagVersions, OPTIONS],
    useFactory: (versions: TagVersions, { oneOff }: ResolvedOptions) => new TagCheck(versions, !oneOff),
  },
  {
    provide: TagRebuild,
    inject: [Databases, EventLog, EventSerializer, TagVersions],
    useFactory: (...parts: ConstructorParameters<typeof TagRebuild>) => new TagRebuild(...parts),
  },
  LookUpRebuild,
  StreamHistory,
  {
    provide: Snapshots,
    inject: [Databases, OPTIONS, KeyRing],
    useFactory: (databases: Databases, { snapshotEvery }: ResolvedOptions, keys: KeyRing) =>
      new Snapshots(databases, snapshotEvery, new SnapshotCopies(databases, keys)),
  },
  {
    provide: KeptHistories,
    inject: [OPTIONS],
    useFactory: ({ aggregateMemory }: ResolvedOptions) => new KeptHistories(aggregateMemory),
  },
  AggregateLoader,
  {
    provide: ModelSnapshots,
    inject: [Databases, OPTIONS],
    useFactory: (databases: Databases, { snapshotEvery }: ResolvedOptions) =>
      new ModelSnapshots(databases, snapshotEvery),
  },
  ModelStates,
  DecisionBasis,
  Decisions,
  AggregateRepository,
  ...SUBSCRIPTION_PROVIDERS,
  ...PERSONAL_DATA_PROVIDERS,
  LogStatistics,
  {
    provide: LogVerifier,
    inject: [Databases, EventRegistry, EventSerializer, PersonalFieldsCipher, { token: LogSeal, optional: true }],
    useFactory: (
      databases: Databases,
      registry: EventRegistry,
      serializer: EventSerializer,
      personal: PersonalFieldsCipher,
      seal?: LogSeal,
    ) => new LogVerifier(databases, new TagAudit(databases, registry, serializer, personal), seal),
  },
  OpenKernel,
  ...READ_SIDES,
];

/** The databases are already open, and Nest returns no application object that could close them. */
async function readLayouts(
  databases: Databases,
  features: readonly FeatureDefinition[],
  { unstorableText }: ResolvedOptions,
): Promise<RowLayouts> {
  const { write, read } = databases.views;
  try {
    const entities = features.flatMap((each) => each.readModels ?? []);
    return await RowLayouts.read(write.kind, read, entities, unstorableText);
  } catch (error) {
    await databases.close();
    throw error;
  }
}

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
    entities: [
      ...LOG_SCHEMA.entities,
      ...PERSONAL_DATA_SCHEMA.entities,
      SnapshotEntity,
      DecisionSnapshotEntity,
      ImportEntity,
      ...SUBSCRIPTION_SCHEMA.entities,
      ...SAGA_SCHEMA.entities,
      ...RECURRING_SCHEMA.entities,
      ...INBOX_SCHEMA.entities,
      ...features.flatMap((each) => each.besideTheLog ?? []),
    ],
    migrations: [
      ...LOG_SCHEMA.migrations,
      CreateSnapshots1750000200000,
      KeepSnapshots1750001410000,
      CreateDecisionSnapshots1750002100000,
      CreateImports1750003300000,
      ...SUBSCRIPTION_SCHEMA.migrations,
      ...SAGA_SCHEMA.migrations,
      ...RECURRING_SCHEMA.migrations,
      ...INBOX_SCHEMA.migrations,
      ...PERSONAL_DATA_SCHEMA.migrations,
      ...features.flatMap((each) => each.migrations?.events ?? []),
    ],
  };
}

function viewsSchema(features: readonly FeatureDefinition[]): Schema {
  return {
    entities: [...READ_MODEL_SCHEMA.entities, ...features.flatMap((each) => each.readModels ?? [])],
    migrations: [...READ_MODEL_SCHEMA.migrations, ...features.flatMap((each) => each.migrations?.views ?? [])],
  };
}
