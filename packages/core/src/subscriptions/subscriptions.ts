import { ExpectedError } from '../errors.js';
import type { GoneSubscription } from './gone/gone-subscription.js';
import type { TableComparison } from './rebuild/compare-tables.js';

/** What a subscription is; see `Projection`, `SideEffect`, `SagaName`. */
export type SubscriptionKind = 'read-model' | 'side-effect' | 'saga';

/**
 * `live` at the head, `catching-up` behind it, `rebuilding` while shadow tables are filled and the old ones serve,
 * `paused` by an operator, `stopped` after an error that retries did not cure.
 */
export type SubscriptionState = 'live' | 'catching-up' | 'rebuilding' | 'paused' | 'stopped';

/** What is known of a rebuild: the one that is wanted or under way, otherwise the last. */
export interface RebuildStatus {
  readonly state: 'requested' | 'running' | 'failed' | 'done';
  /** It ends with the comparison, and the rows that serve stay. */
  readonly dryRun: boolean;
  /** Position up to which the shadow tables are filled. */
  readonly position: number;
  /** Position that they have to reach: that of the read model. */
  readonly target: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed. */
  readonly error: string | null;
  /** Old and new rows at the moment of the swap, for each table; null before. */
  readonly comparison: readonly TableComparison[] | null;
}

/** One subscription as an operator sees it. */
export interface SubscriptionStatus {
  readonly name: string;
  readonly kind: SubscriptionKind;
  readonly state: SubscriptionState;
  /** Position up to which everything is handled, parked or discarded. */
  readonly position: number;
  /** Positions between there and the head. */
  readonly lag: number;
  /** Events handled since it counts: since the beginning, since it was made, or since its list of events changed. */
  readonly handled: number;
  /** Events set aside, to be handled later. */
  readonly parked: number;
  /** Events that an operator gave up. */
  readonly discarded: number;
  /** The process that runs it, if one does. */
  readonly owner: string | null;
  /** The last failure, until something succeeds. */
  readonly lastError: string | null;
  /** Null unless it is a read model that was rebuilt, or is to be. */
  readonly rebuild: RebuildStatus | null;
}

/** No class of this program declares a subscription of that name. */
export class SubscriptionNotFoundError extends ExpectedError {
  readonly code = 'subscription-not-found';
  readonly kind = 'not-found';

  constructor(name: string) {
    super(`There is no subscription "${name}".`);
  }
}

/** A dry run has to wait for what is under way; a rebuild would join in. */
export class RebuildUnderWayError extends ExpectedError {
  readonly code = 'rebuild-under-way';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(`"${name}" is being rebuilt already. Ask for the dry run when that is done.`);
  }
}

/** What a side effect or a saga did can't be undone by doing it again. */
export class NotRebuildableError extends ExpectedError {
  readonly code = 'not-a-read-model';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(`"${name}" is no read model, and only a read model can be rebuilt.`);
  }
}

/**
 * The subscriptions of this application, from their rows of state: the same on every node. What is asked for here is
 * written to those rows, and done by the process that runs the subscription.
 */
export abstract class Subscriptions {
  /** All of them, by name. */
  abstract list(): Promise<SubscriptionStatus[]>;

  /** @throws SubscriptionNotFoundError */
  abstract get(name: string): Promise<SubscriptionStatus>;

  /**
   * Ends it after the batch under way, until it is resumed. One that is paused stays so.
   * @throws SubscriptionNotFoundError
   */
  abstract pause(name: string): Promise<void>;

  /**
   * Lets one that is paused or stopped go on where it ended. One that runs goes on running.
   * @throws SubscriptionNotFoundError
   */
  abstract resume(name: string): Promise<void>;

  /**
   * Fills a read model anew from position 0, while the old rows serve. One that is being rebuilt goes on.
   * @param options.dryRun the new rows are compared with the old ones and thrown away
   * @throws SubscriptionNotFoundError, NotRebuildableError, with `dryRun` RebuildUnderWayError
   */
  abstract rebuild(name: string, options?: { readonly dryRun?: boolean }): Promise<void>;

  /** Side effects and sagas that have a place in the log, and no class in this program any more; by name. */
  abstract listGone(): Promise<GoneSubscription[]>;

  /**
   * Gives up for ever what is left of one that is gone: events that are set aside, commands in the outbox, its place in the
   * log. A version of the program that has it begins anew.
   * @throws SubscriptionNotFoundError, SubscriptionNotGoneError, SubscriptionInUseError
   */
  abstract discardGone(name: string): Promise<void>;

  /**
   * Lets another subscription do what is left of one that is gone, because it has another name now. It tries the events that
   * are set aside, and executes the commands. Events that it has delivered itself since it began are left out.
   * @throws SubscriptionNotFoundError for both, SubscriptionNotGoneError, SubscriptionInUseError, UnfitSuccessorError
   */
  abstract moveGone(name: string, successor: string): Promise<void>;
}
