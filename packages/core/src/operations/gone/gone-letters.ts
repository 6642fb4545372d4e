import type { StoredCommands } from '../../commands/stored-commands.js';
import type { DeclaredHandlers } from '../../inbox/declared-handlers.js';
import type { CommandSources } from '../../sagas/outbox/command-sources.js';
import type { DeadLetter } from '../../subscriptions/parking/dead-letter.js';
import type { SubscriptionRegistry } from '../../subscriptions/subscription-registry.js';
import { CommandGoneError, MessageHandlerGoneError, SubscriptionGoneError } from './gone-subscription.js';

/** Knows which dead letters nothing in this program would retry. */
export class GoneLetters {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly sources: CommandSources,
    private readonly commands: StoredCommands,
    private readonly handlers: DeclaredHandlers,
  ) {}

  /** @throws SubscriptionGoneError, CommandGoneError, MessageHandlerGoneError */
  refuse({ kind, subscription, type }: DeadLetter): void {
    if (kind === 'message') {
      if (!this.handlers.find(subscription)) throw new MessageHandlerGoneError(subscription);
      return;
    }
    const isKnown = this.registry.find(subscription) ?? this.sources.find(subscription);
    if (!isKnown) throw new SubscriptionGoneError(subscription);
    if (kind === 'command' && !this.commands.knows(type)) throw new CommandGoneError(type);
  }
}
