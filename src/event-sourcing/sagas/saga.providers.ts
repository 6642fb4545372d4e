import type { Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MessageContext } from '../commands/message-context.js';
import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { type EventSourcingOptions, OPTIONS } from '../options.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { CommandExecutor } from './outbox/command-executor.js';
import { OutboxWorker } from './outbox/outbox-worker.js';
import { Outbox } from './outbox/outbox.js';

/** Commands take longer than batches of events, and are taken over less often. */
const CLAIM_IN_LEASES = 3;

export const SAGA_PROVIDERS: Provider[] = [
  StoredCommands,
  {
    provide: Outbox,
    inject: [Databases, StatesByKind, OPTIONS],
    useFactory: ({ events }: Databases, { saga }: StatesByKind, { leaseTtl }: EventSourcingOptions) =>
      new Outbox(events, saga.owner, CLAIM_IN_LEASES * leaseTtl),
  },
  {
    provide: CommandExecutor,
    inject: [CommandBus, MessageContext, StoredCommands, SubscriptionRegistry],
    useFactory: (bus: CommandBus, context: MessageContext, commands: StoredCommands, registry: SubscriptionRegistry) =>
      new CommandExecutor(bus, context, commands, registry),
  },
  {
    provide: OutboxWorker,
    inject: [Outbox, CommandExecutor, SubscriptionRegistry],
    useFactory: (outbox: Outbox, executor: CommandExecutor, registry: SubscriptionRegistry) =>
      new OutboxWorker(outbox, executor, registry),
  },
];
