import type { EventClass } from '../events/domain-event.decorator.js';
import type { SideEffectHandler } from '../subscriptions/event-handler.js';
import { describeRetry, PARKING_RETRY } from '../subscriptions/retry.decorator.js';
import type { ParkingSubscription } from '../subscriptions/subscription.js';
import type { SideEffectOptions } from './side-effect.decorator.js';

/** A side effect of this application. */
export interface SideEffectSubscription extends ParkingSubscription {
  readonly kind: 'side-effect';
  readonly handler: SideEffectHandler;
}

/** @param types stored types of the events that it handles, sorted */
export function sideEffectSubscription(
  handlerClass: EventClass,
  { name, startAt = 'now', formerly = [] }: SideEffectOptions,
  handler: object,
  types: readonly string[],
): SideEffectSubscription {
  const retry = { ...PARKING_RETRY, ...describeRetry(handlerClass) };
  return {
    kind: 'side-effect',
    name,
    version: 1,
    types,
    startAt,
    formerly,
    retry,
    handler: handler as SideEffectHandler,
  };
}

export function isSideEffect(subscription: ParkingSubscription): subscription is SideEffectSubscription {
  return subscription.kind === 'side-effect';
}
