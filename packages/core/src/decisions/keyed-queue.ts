/**
 * Runs tasks that share a key one after the other, in order of arrival, and other tasks concurrently. A task takes all
 * of its keys at once, so two tasks never wait for each other.
 */
export class KeyedQueue {
  private readonly last = new Map<string, Promise<void>>();

  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.last.get(key) ?? []);
    const task = before.length === 0 ? work() : Promise.all(before).then(work);
    // The next task starts even when this one fails. The caller of this one gets the error.
    const settled = task.then(
      () => undefined,
      () => undefined,
    );
    for (const key of keys) this.last.set(key, settled);
    void settled.then(() => {
      for (const key of keys) if (this.last.get(key) === settled) this.last.delete(key);
    });
    return task;
  }
}
