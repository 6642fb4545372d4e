import type { DeadLetterStore } from './dead-letter-store.js';
import {
  type DeadLetter,
  type DeadLetterCount,
  type DeadLetterFate,
  DeadLetterNotFoundError,
  DeadLetters,
} from './dead-letters.js';

/** Dead letters of all kinds, each from the store that keeps its kind. */
export class StoredDeadLetters extends DeadLetters {
  constructor(
    private readonly stores: readonly DeadLetterStore[],
    /** Throws when nobody would try the letter again. */
    private readonly refuseGone: (letter: DeadLetter) => void,
    /** Tells whoever runs the subscriptions that there is something to do. */
    private readonly announce: () => void,
  ) {
    super();
  }

  async list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (const store of this.stores) found.push(...(await store.list(after, limit)));
    // Their ids are UUIDv7, so this is the order in which they were set aside.
    return found.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
  }

  async count(): Promise<DeadLetterCount[]> {
    const counts: DeadLetterCount[] = [];
    for (const store of this.stores) counts.push(...(await store.count()));
    return counts;
  }

  async get(id: string): Promise<DeadLetter> {
    for (const store of this.stores) {
      const found = await store.find(id);
      if (found) return found;
    }
    throw new DeadLetterNotFoundError(id);
  }

  async fate(id: string): Promise<DeadLetterFate | undefined> {
    for (const store of this.stores) {
      const found = await store.fate(id);
      if (found) return found;
    }
    return undefined;
  }

  async retry(id: string): Promise<void> {
    this.refuseGone(await this.get(id));
    return this.inOneOfThem(id, (store) => store.retry(id));
  }

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
