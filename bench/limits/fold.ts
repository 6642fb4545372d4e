import type { KeyedBy, Row, StoredEntry } from '../contract.js';
import { keyOf } from '../workloads/dataset.js';

/** The rows of a read model in memory. Nobody else writes them. */
export class Fold {
  private readonly all = new Map<string, { -readonly [K in keyof Row]: Row[K] }>();

  constructor(private readonly by: KeyedBy) {}

  /** Applies a batch, and returns the rows that it changed. */
  apply(entries: readonly StoredEntry[]): Row[] {
    const changed = new Set<Row>();
    for (const { data } of entries) {
      const key = keyOf(data, this.by);
      let row = this.all.get(key);
      if (!row) this.all.set(key, (row = { key, events: 0, total: 0, last: '' }));
      row.events++;
      row.total += data.amount;
      row.last = data.bookedAt;
      changed.add(row);
    }
    return [...changed];
  }
}
