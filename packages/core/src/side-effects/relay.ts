import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RetryOptions } from '../subscriptions/retry.decorator.js';
import type { SideEffectOptions } from './side-effect.decorator.js';

/** Options of a relay. */
export interface RelayOptions extends SideEffectOptions {
  readonly retry?: RetryOptions;
}

/**
 * Passes events on to another system, such as a broker. It gets them as they are stored, without upcasters. It must
 * tolerate repeated deliveries, and throws `DependencyAwayError` when the other system is away.
 */
export interface RelayHandler {
  handle(event: RecordedEvent): Promise<void> | void;
  /**
   * Closes what it has opened. Called before this process gives up the subscription, such as at its end. It may be handed
   * events again later.
   */
  close?(): Promise<void> | void;
}
