import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Provider } from '@nestjs/common';
import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { EventRegistry } from '../events/event-registry.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { ReadModelPositions } from '../read-models/read-model-positions.js';
import { Projector } from '../read-models/projector.js';
import { readModelsOf } from '../read-models/read-model-subscription.js';
import { RowLayouts } from '../read-models/row-layouts.js';
import { TableOwners } from '../read-models/table-owners.js';
import { CommandExecutor } from '../sagas/outbox/command-executor.js';
import { DeadCommands } from '../sagas/outbox/dead-commands.js';
import { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import { OutboxTable } from '../sagas/outbox/outbox-table.js';
import { Outbox } from '../sagas/outbox/outbox.js';
import { SAGA_PROVIDERS } from './saga.providers.js';
import { Telemetry } from '../telemetry.js';
import { CommandGoneError, SubscriptionGoneError } from '../operations/gone/gone-subscription.js';
import { GoneSubscriptions } from '../operations/gone/gone-subscriptions.js';
import { DeclaredSubscriptions } from './declared-subscriptions.js';
import { LiveEvents } from '../subscriptions/live-events.js';
import { LogFollower } from '../subscriptions/log-follower.js';
import { LogTail } from '../subscriptions/log-tail.js';
import { DeadEvents } from '../subscriptions/parking/dead-events.js';
import { DeadLetters } from '../operations/dead-letters.js';
import { ParkedEvents } from '../subscriptions/parking/parked-events.js';
import { ParkingDeliveries } from '../subscriptions/parking/parking-deliveries.js';
import { parkingDeliveries, readModelDeliveries } from './make-deliveries.js';
import { makeSubscriptionHost } from './make-subscription-host.js';
import { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import { RenamedSubscriptions } from '../subscriptions/renamed-subscriptions.js';
import { type Deliveries, RunnerFactory } from '../operations/runner-factory.js';
import { CommandAttempt } from '../operations/command-attempt.js';
import { Heartbeat } from '../operations/heartbeat.js';
import { OneOffRuns } from '../operations/one-off-runs.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import { SubscriptionHost } from '../subscriptions/subscription-host.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { SubscriptionSignals } from '../subscriptions/subscription-signals.js';
import { Subscriptions } from '../operations/subscriptions.js';

const OF_READ_MODEL = Symbol('leftfold.deliveries.read-model');
const OF_PARKING = Symbol('leftfold.deliveries.parking');

export const SUBSCRIPTION_PROVIDERS: Provider[] = [
  ...SAGA_PROVIDERS,
  LogTail,
  LogFollower,
  {
    provide: LiveEvents,
    inject: [LogTail, EventSerializer],
    useFactory: (tail: LogTail, serializer: EventSerializer) => new LiveEvents(tail, serializer),
  },
  {
    provide: SubscriptionRegistry,
    useFactory: () => new SubscriptionRegistry(),
  },
  {
    provide: DeclaredSubscriptions,
    inject: [SubscriptionRegistry, EventRegistry],
    useFactory: (registry: SubscriptionRegistry, events: EventRegistry) => new DeclaredSubscriptions(registry, events),
  },
  {
    provide: StatesByKind,
    inject: [Databases, OPTIONS],
    useFactory: ({ views, events }: Databases, { leaseTtl }: ResolvedOptions): StatesByKind => {
      const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
      const besideTheLog = new SubscriptionStates(events, 'leftfold_subscriptions', owner, leaseTtl);
      return {
        'read-model': new SubscriptionStates(views, 'leftfold_read_models', owner, leaseTtl),
        'side-effect': besideTheLog,
        saga: besideTheLog,
      };
    },
  },
  {
    provide: SubscriptionSignals,
    inject: [Databases, EventLog],
    useFactory: (databases: Databases, log: EventLog) => new SubscriptionSignals(databases, log),
  },
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
    inject: [Databases],
    useFactory: ({ views }: Databases) => new TableOwners(views),
  },
  {
    provide: ParkedEvents,
    inject: [Databases],
    useFactory: ({ events }: Databases) => new ParkedEvents(events),
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
    provide: ParkingDeliveries,
    inject: [StatesByKind, ParkedEvents, EventLog, EventSerializer, Telemetry],
    useFactory: (
      { saga }: StatesByKind,
      parked: ParkedEvents,
      log: EventLog,
      serializer: EventSerializer,
      telemetry: Telemetry,
    ) => new ParkingDeliveries(saga, parked, log, serializer, telemetry),
  },
  {
    provide: OF_READ_MODEL,
    inject: [StatesByKind, EventLog, Databases, Projector, RebuildStates, ReadModelPositions],
    useFactory: readModelDeliveries,
  },
  {
    provide: OF_PARKING,
    inject: [ParkingDeliveries, StoredCommands, Outbox, OutboxWorker, OPTIONS],
    useFactory: parkingDeliveries,
  },
  {
    provide: RunnerFactory,
    inject: [OF_READ_MODEL, OF_PARKING, StatesByKind, EventLog, LogTail, Telemetry],
    useFactory: (
      ofReadModel: Deliveries['ofReadModel'],
      ofParking: Deliveries['ofParking'],
      states: StatesByKind,
      log: EventLog,
      tail: LogTail,
      telemetry: Telemetry,
    ) => new RunnerFactory({ ofReadModel, ofParking }, states, log, tail, telemetry),
  },
  {
    provide: SubscriptionHost,
    inject: [
      SubscriptionRegistry,
      StatesByKind,
      LogTail,
      SubscriptionSignals,
      EventLog,
      RunnerFactory,
      OutboxWorker,
      TableOwners,
      GoneSubscriptions,
      RenamedSubscriptions,
      OPTIONS,
    ],
    useFactory: makeSubscriptionHost,
  },
  {
    provide: OneOffRuns,
    inject: [SubscriptionRegistry, RunnerFactory, DeadLetters, Outbox, CommandExecutor, StatesByKind, OPTIONS],
    useFactory: (
      registry: SubscriptionRegistry,
      runners: RunnerFactory,
      deadLetters: DeadLetters,
      outbox: Outbox,
      executor: CommandExecutor,
      states: StatesByKind,
      { leaseTtl }: ResolvedOptions,
    ) =>
      new OneOffRuns(
        registry,
        runners,
        deadLetters,
        new CommandAttempt(outbox, executor),
        new Heartbeat(states, leaseTtl),
      ),
  },
  {
    provide: GoneSubscriptions,
    inject: [Databases, StatesByKind, SubscriptionRegistry, OutboxTable],
    useFactory: (
      { events }: Databases,
      { saga }: StatesByKind,
      registry: SubscriptionRegistry,
      commands: OutboxTable,
    ) => new GoneSubscriptions(events, saga, registry, commands),
  },
  {
    provide: RenamedSubscriptions,
    inject: [Databases, StatesByKind, SubscriptionRegistry, OutboxTable],
    useFactory: (
      { events }: Databases,
      { saga }: StatesByKind,
      registry: SubscriptionRegistry,
      commands: OutboxTable,
    ) => new RenamedSubscriptions(events, saga, registry, commands),
  },
  {
    provide: Subscriptions,
    inject: [SubscriptionRegistry, EventLog, StatesByKind, RebuildStates, GoneSubscriptions, SubscriptionSignals],
    useFactory: (
      registry: SubscriptionRegistry,
      log: EventLog,
      states: StatesByKind,
      rebuilds: RebuildStates,
      gone: GoneSubscriptions,
      signals: SubscriptionSignals,
    ) => new Subscriptions(registry, log, states, rebuilds, gone, () => signals.announce()),
  },
  {
    provide: DeadLetters,
    inject: [Databases, ParkedEvents, OutboxTable, SubscriptionRegistry, StoredCommands, SubscriptionSignals],
    useFactory: (
      { events }: Databases,
      parked: ParkedEvents,
      outbox: OutboxTable,
      registry: SubscriptionRegistry,
      commands: StoredCommands,
      signals: SubscriptionSignals,
    ) =>
      new DeadLetters(
        [new DeadEvents(events, parked), new DeadCommands(outbox)],
        ({ kind, subscription, type }) => {
          if (!registry.find(subscription)) throw new SubscriptionGoneError(subscription);
          if (kind === 'command' && !commands.knows(type)) throw new CommandGoneError(type);
        },
        () => signals.announce(),
      ),
  },
];
