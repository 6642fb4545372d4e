/**
 * Runs tasks that share a key one after the other, in order of arrival, and other tasks concurrently. A task takes all
 * of its keys at once, so two tasks never wait for each other.
 */
export class KeyedQueue {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const end = await this.turn(keys);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Waits until everything before it has ended. @returns ends this turn; further calls do nothing */
  async turn(keys: readonly string[]): Promise<() => void> {
    const before = keys.flatMap((key) => this.last.get(key) ?? []);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    for (const key of keys) this.last.set(key, ended);
    if (before.length > 0) await Promise.all(before);
    return () => {
      resolve();
      for (const key of keys) if (this.last.get(key) === ended) this.last.delete(key);
    };
  }
}
