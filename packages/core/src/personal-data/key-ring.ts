import { performance } from 'node:perf_hooks';
import { type KeyState, KeyStore } from './key-store.js';
import type { Forgetting } from './personal-data.js';

/** How long a key, or that a subject is forgotten, is remembered, in ms. No node uses a key longer after a forgetting. */
export const KEY_MEMORY = 1_000;
/** At most this many. */
const MOST = 10_000;

interface Remembered {
  readonly state: KeyState;
  readonly until: number;
}

/** The keys that this process has used last. */
export class KeyRing {
  private readonly remembered = new Map<string, Remembered>();
  /** Raised by `clear`, so that what was read before it is not remembered after it. */
  private clearings = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param store undefined when the application has none */
  constructor(
    private readonly store: KeyStore | undefined,
    private readonly memory = KEY_MEMORY,
  ) {}

  /** How many it has in memory. */
  get size(): number {
    return this.remembered.size;
  }

  /** @returns what there is of these subjects; with one statement for all that are not remembered */
  async find(subjects: Iterable<string>): Promise<ReadonlyMap<string, KeyState>> {
    const { store } = this;
    if (!store) return new Map();
    return this.through(subjects, (missing) => store.find(missing));
  }

  /** Like `find`, but asks the store for all of them. */
  async findNow(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>> {
    return this.store ? this.store.find(subjects) : new Map();
  }

  /** Like `find`, and makes keys that are missing. */
  async make(subjects: Iterable<string>): Promise<ReadonlyMap<string, KeyState>> {
    const { store } = this;
    if (!store) throw new Error('There is no store of keys, so personal fields can not be encrypted.');
    return this.through(subjects, (missing) => store.make(missing));
  }

  /** Marks subjects as forgotten that are not yet. @returns whether there were any */
  async mark(forgettings: readonly Forgetting[]): Promise<boolean> {
    const { store } = this;
    if (!store || forgettings.length === 0) return false;
    const states = await store.find(forgettings.map(({ subject }) => subject));
    const unmarked = forgettings.filter(({ subject }) => !('forgotten' in (states.get(subject) ?? {})));
    for (const each of unmarked) await store.forget(each);
    this.clear();
    return unmarked.length > 0;
  }

  /** Forgets what it remembers. */
  clear(): void {
    this.remembered.clear();
    this.clearings++;
  }

  private async through(
    subjects: Iterable<string>,
    ask: (missing: readonly string[]) => Promise<ReadonlyMap<string, KeyState>>,
  ): Promise<ReadonlyMap<string, KeyState>> {
    // Taken before the question: the answer may be as old as that.
    const now = performance.now();
    const found = new Map<string, KeyState>();
    const missing: string[] = [];
    for (const subject of new Set(subjects)) {
      const known = this.remembered.get(subject);
      if (known && known.until > now) found.set(subject, known.state);
      else missing.push(subject);
    }
    if (missing.length === 0) return found;
    const { clearings } = this;
    for (const [subject, state] of await ask(missing)) {
      found.set(subject, state);
      if (clearings === this.clearings) this.remember(subject, { state, until: now + this.memory });
    }
    return found;
  }

  private remember(subject: string, state: Remembered): void {
    this.remembered.delete(subject);
    this.remembered.set(subject, state);
    if (this.remembered.size > MOST) this.remembered.delete(this.remembered.keys().next().value!);
    this.timer ??= setTimeout(() => this.dropOld(), this.memory).unref();
  }

  /** No key stays in memory for longer, even if nobody asks for it again. */
  private dropOld(): void {
    this.timer = undefined;
    const now = performance.now();
    for (const [subject, { until }] of this.remembered) {
      if (until > now) {
        this.timer = setTimeout(() => this.dropOld(), until - now).unref();
        return;
      }
      this.remembered.delete(subject);
    }
  }
}
