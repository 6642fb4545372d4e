import type { DatabaseLimits } from './databases/database-limits.js';
import type { DatabaseTarget } from './databases/database-url.js';
import type { UnstorableText } from './read-models/columns/text-types.js';
import type { ScheduleClock } from './sagas/outbox/schedule-clock.js';

/** How the kernel runs in this process. Times are in ms. */
export interface EventSourcingOptions {
  /** The event log. */
  readonly events: DatabaseTarget;
  /** The read models. */
  readonly views: DatabaseTarget;
  /** Largest size of the data of one event, of its metadata, or of one command of a saga, in bytes. */
  readonly eventSizeLimit: number;
  /** Events between two snapshots of an aggregate; 0 turns them off. */
  readonly snapshotEvery: number;
  /** After so many ms without a sign of life a subscription is taken over; at most 600,000 (10 minutes). */
  readonly leaseTtl: number;
  /** The longest that a query waits for a position, in ms. */
  readonly readWaitLimit: number;
  /** By which scheduled commands come due: the database's clock when left out; tests bring one that they move. */
  readonly scheduleClock?: ScheduleClock;
  /** How long the databases may keep this process waiting; the defaults when left out. */
  readonly databaseLimits?: Partial<DatabaseLimits>;
  /**
   * What becomes of a NUL, or half of a surrogate pair, in a text column or jsonb of a read model, on both databases:
   * replaced by U+FFFD (when left out), or refused, which stops the read model at the event.
   */
  readonly unstorableText?: UnstorableText;
  /** Whether this process runs subscriptions. */
  readonly runSubscriptions: boolean;
  /**
   * The process only visits: it uses a log that is there already, and does nothing that nobody asked for, such as sweeping.
   * False when left out.
   */
  readonly visits?: boolean;
}

export const OPTIONS = Symbol('leftfold.options');
