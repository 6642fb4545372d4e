/** `live` at the head, `catching-up` behind it, `stopped` after an error that retries did not cure. */
export type SubscriptionState = 'live' | 'catching-up' | 'stopped';

/** One subscription as an operator sees it. */
export interface SubscriptionStatus {
  readonly name: string;
  readonly kind: 'read-model';
  readonly state: SubscriptionState;
  /** Position up to which everything is handled. */
  readonly position: number;
  /** Positions between there and the head. */
  readonly lag: number;
  /** Events handled since the beginning. */
  readonly handled: number;
  /** The process that runs it, if one does. */
  readonly owner: string | null;
  readonly lastError: string | null;
}

/** What the subscriptions of this application are doing, from their rows of state: the same on every node. */
export abstract class Subscriptions {
  abstract list(): Promise<SubscriptionStatus[]>;
}
