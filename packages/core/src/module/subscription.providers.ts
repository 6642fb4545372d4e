import type { Provider } from '@nestjs/common';
import type { OpenDatabase } from '../databases/open-database.js';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { EventRegistry } from '../events/event-registry.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { TableOwners } from '../read-models/table-owners.js';
import { DueJobs } from '../recurring/due-jobs.js';
import { INBOX_PROVIDERS } from './inbox.providers.js';
import { BACKGROUND_WORK, RECURRING_PROVIDERS } from './recurring.providers.js';
import { SAGA_PROVIDERS } from './saga.providers.js';
import { Telemetry } from '../telemetry.js';
import { GoneSubscriptions } from '../operations/gone/gone-subscriptions.js';
import { DeclaredSubscriptions } from './declared-subscriptions.js';
import { LeftSubscriptions } from '../subscriptions/left-subscriptions.js';
import { LiveEvents } from '../subscriptions/live-events.js';
import { LogFollower } from '../subscriptions/log-follower.js';
import { LogTail } from '../subscriptions/log-tail.js';
import { RenamedSubscriptions } from '../subscriptions/renamed-subscriptions.js';
import { type Deliveries, RunnerFactory } from '../operations/runner-factory.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { Nodes } from '../subscriptions/ranges/nodes.js';
import { Presence } from '../subscriptions/ranges/presence.js';
import { RangeKeeper } from '../subscriptions/ranges/range-keeper.js';
import { Spreading } from '../subscriptions/ranges/spreading.js';
import { READ_MODEL_RANGES, type RangeTables, SUBSCRIPTION_RANGES } from '../subscriptions/ranges/range-tables.js';
import { StoredRanges } from '../subscriptions/ranges/stored-ranges.js';
import { ThisNode } from '../subscriptions/ranges/this-node.js';
import { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import { type BackgroundWork, SubscriptionHost } from '../subscriptions/subscription-host.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { SubscriptionSignals } from '../subscriptions/subscription-signals.js';
import { Relays } from './relays.js';
import { StatePreparation } from './state-preparation.js';
import { type BesideSubscriptions, HostedSubscriptions } from './hosted-subscriptions.js';
import { READ_MODEL_PROVIDERS } from './read-model.providers.js';
import { PARKING_PROVIDERS } from './parking.providers.js';
import { OPERATIONS_PROVIDERS } from './operations.providers.js';
import { OF_READ_MODEL } from './read-model.providers.js';
import { OF_PARKING } from './parking.providers.js';

/** Injection token of what a process does beside its subscriptions. */
const WORK = Symbol('leftfold.beside-subscriptions');

export const SUBSCRIPTION_PROVIDERS: Provider[] = [
  ...SAGA_PROVIDERS,
  ...RECURRING_PROVIDERS,
  ...INBOX_PROVIDERS,
  ...READ_MODEL_PROVIDERS,
  ...PARKING_PROVIDERS,
  ...OPERATIONS_PROVIDERS,
  LogTail,
  LogFollower,
  Relays,
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
    provide: ThisNode,
    inject: [OPTIONS],
    useFactory: ({ node: { name, ...profile } }: ResolvedOptions) => new ThisNode(name, profile),
  },
  {
    provide: StatesByKind,
    inject: [Databases, ThisNode, OPTIONS],
    useFactory: (
      { views, events }: Databases,
      { id: owner }: ThisNode,
      { leaseTtl, restartPause }: ResolvedOptions,
    ): StatesByKind => {
      const statesIn = (database: OpenDatabase, tables: RangeTables): SubscriptionStates => {
        const ranges = new StoredRanges(database, tables, owner, leaseTtl);
        return new SubscriptionStates(database, tables.states, owner, leaseTtl, restartPause, ranges);
      };
      const besideTheLog = statesIn(events, SUBSCRIPTION_RANGES);
      return {
        'read-model': statesIn(views, READ_MODEL_RANGES),
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
    provide: Nodes,
    inject: [Databases, ThisNode, OPTIONS],
    useFactory: ({ events }: Databases, self: ThisNode, { leaseTtl }: ResolvedOptions) =>
      new Nodes(events, self, leaseTtl),
  },
  {
    provide: Spreading,
    inject: [StatesByKind, Nodes],
    useFactory: (states: StatesByKind, nodes: Nodes) => new Spreading(states, nodes),
  },
  {
    provide: RangeKeeper,
    inject: [Nodes, SubscriptionSignals],
    useFactory: (nodes: Nodes, signals: SubscriptionSignals) =>
      new RangeKeeper(
        nodes,
        () => signals.announce(),
        () => signals.wake(),
      ),
  },
  {
    provide: RunnerFactory,
    inject: [OF_READ_MODEL, OF_PARKING, Spreading, EventLog, LogTail, Telemetry],
    useFactory: (
      ofReadModel: Deliveries['ofReadModel'],
      ofParking: Deliveries['ofParking'],
      spreading: Spreading,
      log: EventLog,
      tail: LogTail,
      telemetry: Telemetry,
    ) => new RunnerFactory({ ofReadModel, ofParking }, spreading, log, tail, telemetry),
  },
  {
    provide: StatePreparation,
    inject: [SubscriptionRegistry, StatesByKind, EventLog, TableOwners, GoneSubscriptions, RenamedSubscriptions],
    useFactory: (
      registry: SubscriptionRegistry,
      states: StatesByKind,
      log: EventLog,
      owners: TableOwners,
      gone: GoneSubscriptions,
      renamed: RenamedSubscriptions,
    ) => new StatePreparation(registry, states, log, owners, gone, renamed),
  },
  {
    provide: WORK,
    inject: [DueJobs, BACKGROUND_WORK, RangeKeeper, Nodes, Databases, OPTIONS],
    useFactory: (
      jobs: DueJobs,
      background: readonly BackgroundWork[],
      rangeKeeper: RangeKeeper,
      nodes: Nodes,
      { events }: Databases,
      { leaseTtl, oneOff, runSubscriptions }: ResolvedOptions,
    ): BesideSubscriptions => {
      const keeper = events.write.dialect.hasNodes ? rangeKeeper : undefined;
      const isListed = keeper !== undefined && runSubscriptions;
      return { jobs, background, keeper, presence: oneOff || isListed ? undefined : new Presence(nodes, leaseTtl) };
    },
  },
  {
    provide: HostedSubscriptions,
    inject: [SubscriptionRegistry, StatePreparation, RunnerFactory, WORK, OPTIONS],
    useFactory: (
      registry: SubscriptionRegistry,
      preparation: StatePreparation,
      factory: RunnerFactory,
      beside: BesideSubscriptions,
      { oneOff }: ResolvedOptions,
    ) => new HostedSubscriptions(registry, oneOff ? undefined : preparation, factory, beside),
  },
  {
    provide: LeftSubscriptions,
    inject: [SubscriptionHost],
    useFactory: (host: SubscriptionHost): LeftSubscriptions => ({ left: () => host.left() }),
  },
  {
    provide: SubscriptionHost,
    inject: [SubscriptionRegistry, StatesByKind, LogTail, SubscriptionSignals, HostedSubscriptions, OPTIONS],
    useFactory: (
      registry: SubscriptionRegistry,
      states: StatesByKind,
      tail: LogTail,
      signals: SubscriptionSignals,
      hosted: HostedSubscriptions,
      { leaseTtl, runSubscriptions }: ResolvedOptions,
    ) => {
      const host = new SubscriptionHost(states, tail, signals, hosted, { run: runSubscriptions, leaseTtl });
      registry.whenComplete(() => host.start());
      return host;
    },
  },
];
