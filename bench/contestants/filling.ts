import type { NewEntry } from '../contract.js';

/** Entries to keep in memory, so that one append gets many of a stream. */
const MOST = 100_000;

/** Fills a store that appends to one stream at a time. */
export interface Filling {
  add(entries: readonly NewEntry[]): Promise<void>;
  flush(): Promise<void>;
}

/** One entry after the other. Slow, and for a log whose order between streams counts. */
export class InOrder implements Filling {
  constructor(private readonly append: (entries: readonly NewEntry[]) => Promise<void>) {}

  async add(entries: readonly NewEntry[]): Promise<void> {
    for (const entry of entries) await this.append([entry]);
  }

  async flush(): Promise<void> {
    // Nothing is kept back.
  }
}

/** Collects entries by stream, and appends up to a hundred together. */
export class ByStream implements Filling {
  private readonly streams = new Map<string, NewEntry[]>();
  private count = 0;

  constructor(private readonly append: (entries: readonly NewEntry[]) => Promise<void>) {}

  async add(entries: readonly NewEntry[]): Promise<void> {
    for (const entry of entries) {
      const own = this.streams.get(entry.stream);
      if (own) own.push(entry);
      else this.streams.set(entry.stream, [entry]);
    }
    this.count += entries.length;
    if (this.count >= MOST) await this.flush();
  }

  async flush(): Promise<void> {
    for (const entries of this.streams.values()) {
      for (let from = 0; from < entries.length; from += 100) await this.append(entries.slice(from, from + 100));
    }
    this.streams.clear();
    this.count = 0;
  }
}
