import { ExpectedError } from '../errors.js';
import type { DeadLetter, DeadLetterCount, DeadLetterFate } from '../subscriptions/parking/dead-letter.js';
import type { DeadLetterStore } from '../subscriptions/parking/dead-letter-store.js';

/** There is no dead letter with that id, or it is gone. */
export class DeadLetterNotFoundError extends ExpectedError {
  readonly code = 'dead-letter-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no dead letter ${id}. It may have been retried or discarded meanwhile.`);
  }
}

/** Events, commands and messages that failed for good, for operators to retry or discard. The same on every node. */
export class DeadLetters {
  /** @internal */
  constructor(
    private readonly stores: readonly DeadLetterStore[],
    /** Throws when no subscription of this program would retry the letter. */
    private readonly refuseGone: (letter: DeadLetter) => void,
    /** Notifies the process that runs the subscription that there is work to do. */
    private readonly announce: () => void,
  ) {}

  /**
   * Lists dead letters in the order in which they were created.
   * @param after id of the last one on the previous page
   * @param limit the most to return
   */
  async list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (const store of this.stores) found.push(...(await store.list(after, limit)));
    // The ids are UUIDv7, so this is the order in which they were created.
    return found.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
  }

  /** Number of dead letters per subscription that has some, including subscriptions that this program no longer has. */
  async count(): Promise<DeadLetterCount[]> {
    const counts: DeadLetterCount[] = [];
    for (const store of this.stores) counts.push(...(await store.count()));
    return counts;
  }

  /** @throws DeadLetterNotFoundError */
  async get(id: string): Promise<DeadLetter> {
    for (const store of this.stores) {
      const found = await store.find(id);
      if (found) return found;
    }
    throw new DeadLetterNotFoundError(id);
  }

  /** Its current state, also during a retry; undefined once it was handled or discarded. */
  async fate(id: string): Promise<DeadLetterFate | undefined> {
    for (const store of this.stores) {
      const found = await store.fate(id);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * Retries it with the full number of attempts. When it succeeds, the ones waiting behind it follow in order.
   * @throws DeadLetterNotFoundError, SubscriptionGoneError, CommandGoneError
   */
  async retry(id: string): Promise<void> {
    this.refuseGone(await this.get(id));
    return this.inOwnStore(id, (store) => store.retry(id));
  }

  /**
   * Discards it for good. The ones waiting behind it continue.
   * @throws DeadLetterNotFoundError
   */
  discard(id: string): Promise<void> {
    return this.inOwnStore(id, (store) => store.discard(id));
  }

  private async inOwnStore(id: string, act: (store: DeadLetterStore) => Promise<boolean>): Promise<void> {
    for (const store of this.stores) {
      if (await act(store)) {
        this.announce();
        return;
      }
    }
    throw new DeadLetterNotFoundError(id);
  }
}
