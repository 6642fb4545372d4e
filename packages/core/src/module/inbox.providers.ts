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
import type { MessageFeed } from '../inbox/message-feed.js';
import { MessageHandlers } from '../inbox/message-handlers.js';
import { MessageRetries } from '../inbox/message-retries.js';
import { CommandSources } from '../sagas/outbox/command-sources.js';
import { CLAIM_IN_LEASES } from '../sagas/outbox/outbox.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { Telemetry } from '../telemetry.js';
import { type ResolvedOptions, OPTIONS } from './options.js';

/** What takes messages from brokers. Packages add to it. */
const FEEDS = Symbol('leftfold.inbox.feeds');

export const INBOX_PROVIDERS: Provider[] = [
  DeclaredHandlers,
  { provide: FEEDS, useFactory: () => new Map<string, MessageFeed>() },
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
    inject: [DeclaredHandlers, InboxTable, MessageAttempt, Telemetry, FEEDS],
    useFactory: (...parts: ConstructorParameters<typeof Inbox>) => new Inbox(...parts),
  },
  {
    provide: MessageHandlers,
    inject: [DeclaredHandlers, FEEDS],
    useFactory: (handlers: DeclaredHandlers, feeds: ReadonlyMap<string, MessageFeed>) =>
      new MessageHandlers(handlers, feeds),
  },
  {
    provide: InboxWork,
    inject: [FEEDS, MessageRetries, DeclaredHandlers, SubscriptionRegistry, CommandSources],
    useFactory: (
      feeds: ReadonlyMap<string, MessageFeed>,
      retries: MessageRetries,
      handlers: DeclaredHandlers,
      registry: SubscriptionRegistry,
      commands: CommandSources,
    ) =>
      new InboxWork(feeds, retries, () =>
        handlers.check((name) => registry.find(name) !== undefined || commands.find(name) !== undefined),
      ),
  },
];
