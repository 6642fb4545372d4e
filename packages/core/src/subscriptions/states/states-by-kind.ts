import type { SubscriptionStates } from './subscription-states.js';

/** Rows of state by kind of subscription: each kind keeps them in the database that its work commits to. */
export abstract class StatesByKind {
  abstract readonly 'read-model': SubscriptionStates;
  abstract readonly 'side-effect': SubscriptionStates;
  abstract readonly saga: SubscriptionStates;
}
