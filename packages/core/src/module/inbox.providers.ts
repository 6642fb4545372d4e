import type { Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MessageContext } from '../commands/message-context.js';
import { Databases } from '../databases/databases.js';
import { DeadMessages } from '../inbox/dead-messages.js';
import { DeclaredHandlers } from '../inbox/declared-handlers.js';
import { InboxTable } from '../inbox/inbox-table.js';
import { InboxWork } from '../inbox/inbox-work.js';
import { Inbox } from '../inbox/inbox.js';
import { MessageAttempt } from '../inbox/message-attempt.js';
import { MessageRetries } from '../inbox/message-retries.js';
import { CommandSources } from '../sagas/outbox/command-sources.js';
import { CLAIM_IN_LEASES } from '../sagas/outbox/outbox.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { BackgroundWork } from '../subscriptions/subscription-host.js';
import { Telemetry } from '../telemetry.js';
import { type ResolvedOptions, OPTIONS } from './options.js';

/** What takes messages from brokers. Packages add to it. */
const SOURCES = Symbol('leftfold.inbox.sources');

export const INBOX_PROVIDERS: Provider[] = [
  DeclaredHandlers,
  { provide: SOURCES, useFactory: (): BackgroundWork[] => [] },
  {
    provide: InboxTable,
    inject: [Databases, StatesByKind, OPTIONS],
    useFactory: ({ events }: Databases, { saga }: StatesByKind, { leaseTtl }: ResolvedOptions) =>
      new InboxTable(events, { owner: saga.owner, claimFor: CLAIM_IN_LEASES * leaseTtl }),
  },
  {
    provide: DeadMessages,
    inject: [InboxTable],
    useFactory: (table: InboxTable) => new DeadMessages(table),
  },
  {
    provide: MessageAttempt,
    inject: [CommandBus, MessageContext],
    useFactory: (bus: CommandBus, context: MessageContext) => new MessageAttempt(bus, context),
  },
  {
    provide: MessageRetries,
    inject: [DeclaredHandlers, InboxTable, MessageAttempt, Telemetry],
    useFactory: (...parts: ConstructorParameters<typeof MessageRetries>) => new MessageRetries(...parts),
  },
  {
    provide: Inbox,
    inject: [DeclaredHandlers, InboxTable, MessageAttempt, Telemetry, SOURCES],
    useFactory: (...parts: ConstructorParameters<typeof Inbox>) => new Inbox(...parts),
  },
  {
    provide: InboxWork,
    inject: [SOURCES, MessageRetries, DeclaredHandlers, SubscriptionRegistry, CommandSources],
    useFactory: (
      sources: readonly BackgroundWork[],
      retries: MessageRetries,
      handlers: DeclaredHandlers,
      registry: SubscriptionRegistry,
      commands: CommandSources,
    ) =>
      new InboxWork(sources, retries, () =>
        handlers.check((name) => registry.find(name) !== undefined || commands.find(name) !== undefined),
      ),
  },
];
