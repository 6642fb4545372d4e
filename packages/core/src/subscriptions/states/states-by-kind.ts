import type { SubscriptionStates } from './subscription-states.js';

/** Rows of state by kind of subscription: each kind has them where its work commits to. */
export abstract class StatesByKind {
  abstract readonly 'read-model': SubscriptionStates;
  abstract readonly 'side-effect': SubscriptionStates;
  abstract readonly saga: SubscriptionStates;
}
