import { Injectable } from '@nestjs/common';
import { EventRegistry } from '../events/event-registry.js';
import type { RelayHandler, RelayOptions } from '../side-effects/relay.js';
import type { LogCompanion, LogCompanionOptions } from '../side-effects/log-companion.js';
import { companionSubscription, relaySubscription } from '../side-effects/side-effect-subscription.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

/**
 * Side effects that get every event of a registered class as it is stored, for packages that pass events on to other
 * systems.
 */
@Injectable()
export class Relays {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly events: EventRegistry,
  ) {}

  /**
   * Adds a relay. Call it in `onModuleInit`: later, the subscriptions run already.
   * @throws SetupError when the name is taken, or the concurrency is out of range
   */
  add(options: RelayOptions, handler: RelayHandler): void {
    const types = this.events.classes.flatMap((eventClass) => this.events.storedNames(eventClass)).toSorted();
    this.registry.add(handler.constructor, relaySubscription(options, handler, types));
  }

  /**
   * Adds a companion of the log. Call it in `onModuleInit`, too.
   * @throws SetupError when the name is taken
   */
  accompany(options: LogCompanionOptions, companion: LogCompanion): void {
    this.registry.add(companion.constructor, companionSubscription(options, companion));
  }
}
