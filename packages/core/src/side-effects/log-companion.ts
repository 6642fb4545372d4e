import type { EntityManager } from 'typeorm';
import type { RetryOptions } from '../subscriptions/retry.decorator.js';

/** Options of a companion of the log. */
export interface LogCompanionOptions {
  /** `<package>.<what-it-does>`: the name of its subscription. */
  readonly name: string;
  readonly retry?: RetryOptions;
}

/**
 * Runs a write in a transaction of the `events` database that commits only while this process owns the subscription.
 * @throws LeaseLostError, and errors of `write`; then nothing is stored
 */
export type StoreAsOwner = (write: (manager: EntityManager) => Promise<void>) => Promise<void>;

/**
 * Keeps something of its own in step with the whole log, such as a tree of hashes. It reads the log itself, without gaps,
 * also events of types that this application does not know. One node at a time runs it.
 */
export interface LogCompanion {
  /**
   * Does one step of its work: after new events, and when more is due. When it throws, it is called again after a pause.
   * @param reached a position up to which all events are committed; it may be behind what an earlier call has got
   * @param store stores what it has done
   * @returns after how long more is due, in ms: 0 for at once, `Infinity` for after the next event
   */
  follow(reached: number, store: StoreAsOwner): Promise<number>;
  /** Called before this process gives up the subscription. `follow` may be called again later. */
  close?(): Promise<void> | void;
}
