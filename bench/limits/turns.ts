interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Collects what is added within one turn of the event loop, and hands it over together. */
export class Turns<T> {
  private waiting: Waiting<T>[] = [];
  private running = 0;
  private isScheduled = false;

  constructor(
    /** Returns the refusal of each item, if it was refused. */
    private readonly send: (items: readonly T[]) => (Error | undefined)[] | Promise<(Error | undefined)[]>,
    /** How many batches may be under way at once. */
    private readonly atOnce = 1,
    private readonly keyOf: (item: T) => unknown = (item) => item,
  ) {}

  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.isScheduled || this.running >= this.atOnce || this.waiting.length === 0) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      void this.sendWaiting();
    });
  }

  private async sendWaiting(): Promise<void> {
    const batch = this.takeBatch();
    this.running++;
    try {
      const refusals = await this.send(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const refusal = refusals[index];
        if (refusal) reject(refusal);
        else resolve();
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.running--;
      this.schedule();
    }
  }

  /** All that wait, each key once: what has the key of an earlier one waits for the next batch. */
  private takeBatch(): Waiting<T>[] {
    const keys = new Set<unknown>();
    const [batch, later]: [Waiting<T>[], Waiting<T>[]] = [[], []];
    for (const each of this.waiting) {
      const key = this.keyOf(each.item);
      (keys.has(key) ? later : batch).push(each);
      keys.add(key);
    }
    this.waiting = later;
    return batch;
  }
}
