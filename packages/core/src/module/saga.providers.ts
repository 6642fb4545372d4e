import type { Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MessageContext } from '../commands/message-context.js';
import { StoredCommands } from '../commands/stored-commands.js';
import { SealedCopies } from '../personal-data/sealed-copies.js';
import { Databases } from '../databases/databases.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { Telemetry } from '../telemetry.js';
import { CommandExecutor } from '../sagas/outbox/command-executor.js';
import { CommandSources } from '../sagas/outbox/command-sources.js';
import { OutboxContents } from '../sagas/outbox/outbox-contents.js';
import { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import { CLAIM_IN_LEASES, Outbox } from '../sagas/outbox/outbox.js';
import { OutboxTable } from '../sagas/outbox/outbox-table.js';
import { ScheduleClock } from '../sagas/outbox/schedule-clock.js';

export const SAGA_PROVIDERS: Provider[] = [
  StoredCommands,
  {
    provide: ScheduleClock,
    inject: [OPTIONS],
    useFactory: ({ scheduleClock }: ResolvedOptions) => scheduleClock ?? new ScheduleClock(),
  },
  {
    provide: OutboxTable,
    inject: [Databases, ScheduleClock],
    useFactory: ({ events }: Databases, clock: ScheduleClock) => new OutboxTable(events, clock),
  },
  {
    provide: Outbox,
    inject: [OutboxTable, StatesByKind, OPTIONS],
    useFactory: (table: OutboxTable, { saga }: StatesByKind, { leaseTtl }: ResolvedOptions) =>
      new Outbox(table, { owner: saga.owner, claimFor: CLAIM_IN_LEASES * leaseTtl }),
  },
  {
    provide: OutboxContents,
    inject: [Databases, ScheduleClock],
    useFactory: ({ events }: Databases, clock: ScheduleClock) => new OutboxContents(events, clock),
  },
  {
    provide: CommandSources,
    inject: [SubscriptionRegistry],
    useFactory: (registry: SubscriptionRegistry) => new CommandSources(registry),
  },
  {
    provide: CommandExecutor,
    inject: [CommandBus, MessageContext, StoredCommands, CommandSources, Telemetry, SealedCopies],
    useFactory: (
      bus: CommandBus,
      context: MessageContext,
      commands: StoredCommands,
      sources: CommandSources,
      telemetry: Telemetry,
      copies: SealedCopies,
    ) => new CommandExecutor(bus, context, commands, sources, telemetry, copies),
  },
  {
    provide: OutboxWorker,
    inject: [Outbox, CommandExecutor, CommandSources],
    useFactory: (outbox: Outbox, executor: CommandExecutor, sources: CommandSources) =>
      new OutboxWorker(outbox, executor, sources),
  },
];
