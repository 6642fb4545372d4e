import type { Provider } from '@nestjs/common';
import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { CommandExecutor } from '../sagas/outbox/command-executor.js';
import { CommandSources } from '../sagas/outbox/command-sources.js';
import { DeadCommands } from '../sagas/outbox/dead-commands.js';
import { OutboxContents } from '../sagas/outbox/outbox-contents.js';
import { OutboxTable } from '../sagas/outbox/outbox-table.js';
import { Outbox } from '../sagas/outbox/outbox.js';
import { GoneLetters } from '../operations/gone/gone-letters.js';
import { GoneSubscriptions } from '../operations/gone/gone-subscriptions.js';
import { DeadEvents } from '../subscriptions/parking/dead-events.js';
import { Causation } from '../operations/causation/causation.js';
import { DeadLetters } from '../operations/dead-letters.js';
import { DeadMessages } from '../inbox/dead-messages.js';
import { DeclaredHandlers } from '../inbox/declared-handlers.js';
import { MessageRetries } from '../inbox/message-retries.js';
import { ParkedEvents } from '../subscriptions/parking/parked-events.js';
import { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import { RunnerFactory } from '../operations/runner-factory.js';
import { ReadModelCopies } from '../operations/copies/read-model-copies.js';
import { StatePreparation } from './state-preparation.js';
import { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { LogImport } from '../operations/import/log-import.js';
import { EventRegistry } from '../events/event-registry.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { LogExport } from '../operations/export/log-export.js';
import { LogSeal } from '../operations/log-seal.js';
import { CommandAttempt } from '../operations/command-attempt.js';
import { Heartbeat } from '../operations/heartbeat.js';
import { LiveNodes } from '../operations/live-nodes.js';
import { EventSkips } from '../operations/skips/event-skips.js';
import { OneOffRuns } from '../operations/one-off-runs.js';
import { Schedules } from '../operations/schedules.js';
import { Nodes } from '../subscriptions/ranges/nodes.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { SubscriptionSignals } from '../subscriptions/subscription-signals.js';
import { SubscriptionStatuses } from '../operations/subscription-statuses.js';
import { Subscriptions } from '../operations/subscriptions.js';

export const OPERATIONS_PROVIDERS: Provider[] = [
  {
    provide: LogExport,
    inject: [EventLog, Databases, { token: LogSeal, optional: true }],
    useFactory: (log: EventLog, databases: Databases, seal: LogSeal | undefined) => new LogExport(log, databases, seal),
  },
  {
    provide: ReadModelCopies,
    inject: [SubscriptionRegistry, StatePreparation, RunnerFactory, Heartbeat, EventLog, Databases],
    useFactory: (...parts: ConstructorParameters<typeof ReadModelCopies>) => new ReadModelCopies(...parts),
  },
  {
    provide: LogImport,
    inject: [Databases, EventRegistry, EventSerializer, OPTIONS, PersonalFieldsCipher],
    useFactory: (
      databases: Databases,
      registry: EventRegistry,
      serializer: EventSerializer,
      { eventSizeLimit }: ResolvedOptions,
      personal: PersonalFieldsCipher,
    ) => new LogImport(databases, registry, serializer, eventSizeLimit, personal),
  },
  {
    provide: CommandAttempt,
    inject: [Outbox, CommandExecutor],
    useFactory: (outbox: Outbox, executor: CommandExecutor) => new CommandAttempt(outbox, executor),
  },
  {
    provide: Heartbeat,
    inject: [StatesByKind, OPTIONS],
    useFactory: (states: StatesByKind, { leaseTtl }: ResolvedOptions) => new Heartbeat(states, leaseTtl),
  },
  {
    provide: OneOffRuns,
    inject: [SubscriptionRegistry, RunnerFactory, DeadLetters, CommandAttempt, Heartbeat, MessageRetries],
    useFactory: (
      registry: SubscriptionRegistry,
      runners: RunnerFactory,
      deadLetters: DeadLetters,
      commandAttempt: CommandAttempt,
      heartbeat: Heartbeat,
      messages: MessageRetries,
    ) => new OneOffRuns(registry, runners, deadLetters, commandAttempt, heartbeat, messages),
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
    provide: Causation,
    inject: [EventLog, Databases, SubscriptionRegistry, StatesByKind, OutboxContents, CommandSources],
    useFactory: (
      log: EventLog,
      { events }: Databases,
      registry: SubscriptionRegistry,
      states: StatesByKind,
      outbox: OutboxContents,
      sources: CommandSources,
    ) => new Causation(log, events, registry, states['side-effect'], outbox, sources),
  },
  {
    provide: Schedules,
    inject: [OutboxContents],
    useFactory: (contents: OutboxContents) => new Schedules(contents),
  },
  {
    provide: SubscriptionStatuses,
    inject: [SubscriptionRegistry, EventLog, StatesByKind, OutboxContents, OPTIONS],
    useFactory: (
      registry: SubscriptionRegistry,
      log: EventLog,
      states: StatesByKind,
      outbox: OutboxContents,
      { leaseTtl }: ResolvedOptions,
    ) => new SubscriptionStatuses(registry, log, states, outbox, leaseTtl),
  },
  {
    provide: Subscriptions,
    inject: [
      SubscriptionRegistry,
      SubscriptionStatuses,
      StatesByKind,
      RebuildStates,
      GoneSubscriptions,
      SubscriptionSignals,
    ],
    useFactory: (
      registry: SubscriptionRegistry,
      statuses: SubscriptionStatuses,
      states: StatesByKind,
      rebuilds: RebuildStates,
      gone: GoneSubscriptions,
      signals: SubscriptionSignals,
    ) => new Subscriptions(registry, statuses, states, rebuilds, gone, () => signals.announce()),
  },
  {
    provide: LiveNodes,
    inject: [Nodes, SubscriptionStatuses],
    useFactory: (nodes: Nodes, statuses: SubscriptionStatuses) => new LiveNodes(nodes, statuses),
  },
  {
    provide: EventSkips,
    inject: [SubscriptionRegistry, StatesByKind, EventLog, SubscriptionSignals],
    useFactory: (registry: SubscriptionRegistry, states: StatesByKind, log: EventLog, signals: SubscriptionSignals) =>
      new EventSkips(registry, states, log, () => signals.announce()),
  },
  {
    provide: DeadEvents,
    inject: [Databases, ParkedEvents],
    useFactory: ({ events }: Databases, parked: ParkedEvents) => new DeadEvents(events, parked),
  },
  {
    provide: GoneLetters,
    inject: [SubscriptionRegistry, CommandSources, StoredCommands, DeclaredHandlers],
    useFactory: (...parts: ConstructorParameters<typeof GoneLetters>) => new GoneLetters(...parts),
  },
  {
    provide: DeadLetters,
    inject: [DeadEvents, OutboxTable, DeadMessages, GoneLetters, SubscriptionSignals],
    useFactory: (
      events: DeadEvents,
      outbox: OutboxTable,
      messages: DeadMessages,
      gone: GoneLetters,
      signals: SubscriptionSignals,
    ) =>
      new DeadLetters(
        [events, new DeadCommands(outbox), messages],
        (letter) => gone.refuse(letter),
        () => signals.announce(),
      ),
  },
];
