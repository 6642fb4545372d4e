import type { RetryOptions } from './retry.decorator.js';
import type { SubscriptionDeclaration } from './states/subscription-states.js';

/** Kind of a subscription; see `Projection`, `SideEffect`, `SagaName`. */
export type SubscriptionKind = 'read-model' | 'side-effect' | 'saga';

/** A subscription of this application. */
export interface Subscription extends SubscriptionDeclaration {
  readonly kind: SubscriptionKind;
  readonly retry: Required<RetryOptions>;
  /** Whether its partitions are spread over the nodes that run it. */
  readonly partitioned: boolean;
}

/** A subscription that parks a failed event and continues with other streams. */
export interface ParkingSubscription extends Subscription {
  readonly kind: 'side-effect' | 'saga';
  readonly startAt: 'now' | 'beginning';
  readonly formerly: readonly string[];
}

export function isParking(subscription: Subscription): subscription is ParkingSubscription {
  return subscription.kind !== 'read-model';
}
