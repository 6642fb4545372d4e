import { ExpectedError } from '../errors.js';
import type { DeadLetter, DeadLetterCount, DeadLetterFate } from '../subscriptions/parking/dead-letter.js';
import type { DeadLetterStore } from '../subscriptions/parking/dead-letter-store.js';

/** There is no dead letter of that id, or not any more. */
export class DeadLetterNotFoundError extends ExpectedError {
  readonly code = 'dead-letter-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no dead letter ${id}. It may have been retried or discarded meanwhile.`);
  }
}

/** What failed for good, for operators to decide on. The same on every node. */
export class DeadLetters {
  /** @internal */
  constructor(
    private readonly stores: readonly DeadLetterStore[],
    /** Throws when nobody would try the letter again. */
    private readonly refuseGone: (letter: DeadLetter) => void,
    /** Tells whoever runs the subscriptions that there is something to do. */
    private readonly announce: () => void,
  ) {}

  /**
   * In the order in which they were set aside.
   * @param after id of the last one of the page before
   * @param limit the most to return
   */
  async list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (const store of this.stores) found.push(...(await store.list(after, limit)));
    // Their ids are UUIDv7, so this is the order in which they were set aside.
    return found.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
  }

  /** How many there are of each subscription that has some, also of one that this program does not have any more. */
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

  /** Where it stands, also while it is tried again; undefined once it was handled or discarded. */
  async fate(id: string): Promise<DeadLetterFate | undefined> {
    for (const store of this.stores) {
      const found = await store.fate(id);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * Tries it again, with all attempts that a new event has; when it succeeds, those that wait behind it follow in order.
   * @throws DeadLetterNotFoundError, SubscriptionGoneError, CommandGoneError
   */
  async retry(id: string): Promise<void> {
    this.refuseGone(await this.get(id));
    return this.inOneOfThem(id, (store) => store.retry(id));
  }

  /**
   * Gives it up for ever, and lets those that wait behind it go on.
   * @throws DeadLetterNotFoundError
   */
  discard(id: string): Promise<void> {
    return this.inOneOfThem(id, (store) => store.discard(id));
  }

  private async inOneOfThem(id: string, act: (store: DeadLetterStore) => Promise<boolean>): Promise<void> {
    for (const store of this.stores) {
      if (await act(store)) {
        this.announce();
        return;
      }
    }
    throw new DeadLetterNotFoundError(id);
  }
}
