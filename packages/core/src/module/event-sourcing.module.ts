import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CommandBus, CqrsModule, EventBus, QueryBus } from '@nestjs/cqrs';
import { getDataSourceToken, getRepositoryToken } from '@nestjs/typeorm';
import { ClsModule } from 'nestjs-cls';
import type { DataSource } from 'typeorm';
import { AggregateRepository } from '../decisions/aggregate-repository.js';
import { Decisions } from '../decisions/decisions.js';
import { StreamHistory } from '../aggregates/stream-history.js';
import { ContextualCommandBus } from '../commands/contextual-command-bus.js';
import { MessageContext } from '../commands/message-context.js';
import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { READ_SIDE_TOKENS } from '../databases/read-sides.js';
import { EventLog } from '../event-log/event-log.js';
import { LogStatistics } from '../event-log/log-statistics.js';
import { EventRegistry } from '../events/event-registry.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { FEATURE, type FeatureDefinition, refuseUndefinedClasses } from './feature-definition.js';
import { KERNEL_PROVIDERS } from './kernel.providers.js';
import { OpenKernel } from './open-kernel.js';
import { type EventSourcingOptions, OPTIONS, resolveOptions } from './options.js';
import { FreshQueryBus } from '../read-models/fresh-query-bus.js';
import { RecurringJobs } from '../recurring/recurring-jobs.js';
import { ForgettingReplay } from '../operations/forgetting/forgetting-replay.js';
import { KeyRotation } from '../operations/forgetting/key-rotation.js';
import { PlainPersonalFields } from '../operations/forgetting/plain-personal-fields.js';
import { KeyStore } from '../personal-data/key-store.js';
import { PersonalData } from '../personal-data/personal-data.js';
import { ReadModelPositions } from '../read-models/read-model-positions.js';
import { ReplicaReads } from '../read-models/replica-reads.js';
import { ReadModel, readModelToken } from '../read-models/read-model.js';
import { ReadModelRepository } from '../read-models/read-model-repository.js';
import { DeclaredSubscriptions } from './declared-subscriptions.js';
import { Relays } from './relays.js';
import { DurableEventBus } from './durable-event-bus.js';
import { Inbox } from '../inbox/inbox.js';
import { MessageHandlers } from '../inbox/message-handlers.js';
import { LeftSubscriptions } from '../subscriptions/left-subscriptions.js';
import { LiveEvents } from '../subscriptions/live-events.js';
import { LogFollower } from '../subscriptions/log-follower.js';
import { Causation } from '../operations/causation/causation.js';
import { DeadLetters } from '../operations/dead-letters.js';
import { LiveNodes } from '../operations/live-nodes.js';
import { Schedules } from '../operations/schedules.js';
import { EventSkips } from '../operations/skips/event-skips.js';
import { OneOffRuns } from '../operations/one-off-runs.js';
import { SubscriptionHost } from '../subscriptions/subscription-host.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { Subscriptions } from '../operations/subscriptions.js';
import { Telemetry } from '../telemetry.js';
import { TagCheck } from '../operations/tags/check-tags.js';
import { LookUpRebuild } from '../operations/look-ups/look-up-rebuild.js';
import { TagRebuild } from '../operations/tags/tag-rebuild.js';
import { LogVerifier } from '../operations/verify/log-verifier.js';

/** Options for `forRootAsync`, made by a factory that can inject other providers. */
export interface EventSourcingAsyncOptions
  extends Pick<FactoryProvider<EventSourcingOptions>, 'inject' | 'useFactory'>, Pick<ModuleMetadata, 'imports'> {}

/** The kernel: the event log, the buses, and the subscriptions. Import it once; features use `forFeature`. */
@Module({})
export class EventSourcingModule implements OnApplicationShutdown {
  constructor(private readonly open: OpenKernel) {}

  /**
   * Import it once, in the application's root module: `EventSourcingModule.forRoot({ url })`. Databases are opened and
   * migrated while Nest starts.
   * @throws SetupError, DatabaseUnusableError, NoEventLogError while the application starts
   */
  static forRoot(options: EventSourcingOptions): DynamicModule {
    return EventSourcingModule.forRootAsync({ useFactory: () => options });
  }

  /**
   * Like `forRoot`, with options made by a factory.
   * @throws SetupError, DatabaseUnusableError, NoEventLogError while the application starts
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: EventSourcingAsyncOptions): DynamicModule {
    return {
      module: EventSourcingModule,
      global: true,
      // The order matters: the module that starts the subscriptions must come after the one that sets up the buses.
      imports: [...imports, ClsModule.forRoot({ global: true }), cqrsModule(), { module: StartModule, global: true }],
      providers: [
        {
          provide: OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => resolveOptions(await useFactory(...args)),
        },
        ...KERNEL_PROVIDERS,
      ],
      exports: [
        AggregateRepository,
        Decisions,
        Causation,
        OPTIONS,
        ...READ_SIDE_TOKENS,
        Databases,
        EventLog,
        EventRegistry,
        DeadLetters,
        DeclaredSubscriptions,
        EventSerializer,
        EventSkips,
        Inbox,
        LeftSubscriptions,
        LiveEvents,
        LiveNodes,
        LogFollower,
        LogStatistics,
        LogVerifier,
        MessageContext,
        MessageHandlers,
        OpenKernel,
        LookUpRebuild,
        TagCheck,
        ForgettingReplay,
        KeyRotation,
        KeyStore,
        PlainPersonalFields,
        PersonalData,
        ReadModelPositions,
        ReplicaReads,
        RecurringJobs,
        Relays,
        OneOffRuns,
        Schedules,
        StoredCommands,
        StreamHistory,
        SubscriptionHost,
        SubscriptionRegistry,
        Subscriptions,
        TagRebuild,
        Telemetry,
      ],
    };
  }

  /**
   * Registers a feature's classes. Its providers can inject its `ReadModel`s and TypeORM repositories.
   * @throws SetupError when a class is undefined, because files import each other in a circle
   */
  static forFeature(feature: FeatureDefinition): DynamicModule {
    refuseUndefinedClasses(feature);
    const readModels = feature.readModels ?? [];
    const providers = readModels.flatMap((entity): FactoryProvider[] => [
      { provide: readModelToken(entity), useFactory: () => new ReadModel(entity) },
      {
        provide: getRepositoryToken(entity, 'views'),
        inject: [getDataSourceToken('views')],
        useFactory: ({ manager }: DataSource) => new ReadModelRepository(entity, manager),
      },
    ]);
    return {
      module: FeatureModule,
      providers: [{ provide: FEATURE, useValue: feature }, ...providers],
      exports: providers.map(({ provide }) => provide),
    };
  }

  /** @internal */
  onApplicationShutdown(): Promise<void> {
    return this.open.close();
  }
}

/** The registrations of one feature; see `EventSourcingModule.forFeature`. */
@Module({})
class FeatureModule {}

/**
 * Starts the subscriptions before the features start, so that their positions in the log are fixed before the first
 * command.
 */
@Module({})
class StartModule implements OnApplicationBootstrap {
  constructor(
    private readonly host: SubscriptionHost,
    private readonly open: OpenKernel,
    private readonly tags: TagCheck,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.open.closeIfItFails(async () => {
      await this.tags.atStart();
      await this.host.ready();
    });
  }
}

/** Sets up the buses and refuses handlers with a wrong setup. The databases are already open. */
class BusModule extends CqrsModule {
  @Inject(OpenKernel) private readonly open: OpenKernel;

  // oxlint-disable-next-line typescript/no-misused-promises -- Nest waits for what a hook returns
  override onApplicationBootstrap(): Promise<void> {
    return this.open.closeIfItFails(() => super.onApplicationBootstrap());
  }
}

/** The CQRS module, with the kernel's buses under the framework's tokens. */
function cqrsModule(): DynamicModule {
  const stock = CqrsModule.forRoot();
  return {
    ...stock,
    module: BusModule,
    providers: [
      ...(stock.providers ?? []),
      { provide: CommandBus, useClass: ContextualCommandBus },
      { provide: QueryBus, useClass: FreshQueryBus },
      { provide: EventBus, useClass: DurableEventBus },
    ],
  };
}
