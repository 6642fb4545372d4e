import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import { contextOf, type SideEffectHandler } from '../subscriptions/event-handler.js';
import { describeRetry, PARKING_RETRY } from '../subscriptions/retry.decorator.js';
import type { ParkingSubscription } from '../subscriptions/subscription.js';
import type { RelayHandler, RelayOptions } from './relay.js';
import type { LogCompanion, LogCompanionOptions } from './log-companion.js';
import { checkConcurrency, type SideEffectOptions } from './side-effect.decorator.js';

/** A side effect of this application. */
export interface SideEffectSubscription extends ParkingSubscription {
  readonly kind: 'side-effect';
  /** The most events that it handles at the same time. */
  readonly concurrency: number;
  /** Whether it handles what is stored, and not the events that upcasters make of it. */
  readonly takesStored: boolean;
  /** Handles one stored event; `events` is what upcasters make of it. */
  handle(events: readonly object[], recorded: RecordedEvent): Promise<void>;
  /** Called before this process gives up the subscription. */
  close?(): Promise<void> | void;
  /** Follows the log in place of `handle`. */
  readonly companion?: LogCompanion;
}

/** @param types stored types of the events that it handles, sorted */
export function sideEffectSubscription(
  handlerClass: EventClass,
  options: SideEffectOptions,
  handler: object,
  types: readonly string[],
): SideEffectSubscription {
  return {
    ...declared({ ...options, retry: describeRetry(handlerClass) }, types),
    takesStored: false,
    async handle(events, recorded) {
      for (const [part, event] of events.entries()) {
        await (handler as SideEffectHandler).handle(event, contextOf(recorded, part));
      }
    },
  };
}

/** @param types stored types of all events, sorted */
export function relaySubscription(
  options: RelayOptions,
  handler: RelayHandler,
  types: readonly string[],
): SideEffectSubscription {
  return {
    ...declared(options, types),
    takesStored: true,
    handle: async (_events, recorded) => handler.handle(recorded),
    close: () => handler.close?.(),
  };
}

/** It is handed no events: with types, each batch at the head would be a transaction beside the appends. */
export function companionSubscription(options: LogCompanionOptions, companion: LogCompanion): SideEffectSubscription {
  return {
    ...declared(options, []),
    // It reads the log as one.
    partitioned: false,
    takesStored: true,
    companion,
    async handle() {
      throw new Error(`"${options.name}" reads the log itself.`);
    },
  };
}

function declared(
  { name, startAt = 'now', formerly = [], retry = {}, concurrency = 1, partitioned = true }: RelayOptions,
  types: readonly string[],
): Omit<SideEffectSubscription, 'takesStored' | 'handle' | 'close'> {
  return {
    kind: 'side-effect',
    name,
    version: 1,
    types,
    startAt,
    formerly,
    retry: { ...PARKING_RETRY, ...retry },
    concurrency: checkConcurrency(name, concurrency),
    partitioned,
  };
}

export function isSideEffect(subscription: ParkingSubscription): subscription is SideEffectSubscription {
  return subscription.kind === 'side-effect';
}
