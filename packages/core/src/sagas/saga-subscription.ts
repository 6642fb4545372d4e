import { describeRetry, PARKING_RETRY } from '../subscriptions/retry.decorator.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { ParkingSubscription, Subscription } from '../subscriptions/subscription.js';
import type { SagaMethod } from './saga-methods.js';
import type { SagaDescriptor } from './saga-name.decorator.js';

/** A saga of this application. */
export interface SagaSubscription extends ParkingSubscription {
  readonly kind: 'saga';
  readonly methods: readonly SagaMethod[];
}

/** @param types stored names of all events; the saga itself selects with ofType */
export function sagaSubscription(
  sagaClass: Function,
  { name, startAt = 'now', formerly = [], partitioned = true }: SagaDescriptor,
  methods: readonly SagaMethod[],
  types: readonly string[],
): SagaSubscription {
  const retry = { ...PARKING_RETRY, ...describeRetry(sagaClass) };
  return { kind: 'saga', name, version: 1, types, startAt, formerly, retry, methods, partitioned };
}

export function isSaga(subscription: Subscription): subscription is SagaSubscription {
  return subscription.kind === 'saga';
}

export function sagasOf(registry: SubscriptionRegistry): SagaSubscription[] {
  return registry.all.filter(isSaga);
}
