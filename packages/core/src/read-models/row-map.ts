import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { RowKey } from './row.js';
import type { RowLayout, StoredKey, StoredRow } from './row-layout.js';
import { TableStatements } from './table-statements.js';

interface Entry {
  /** Undefined when there is no such row. */
  readonly row: StoredRow | undefined;
  readonly dirty: boolean;
  readonly key: StoredKey;
}

/** Where the rows of a table come from, and which of them a batch is expected to need. */
export interface RowSource {
  readonly table: string;
  /** Runs work with a manager that has no other user at that time, or that may run several statements at once. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** Keys of the rows that the batch's events belong to, as far as known. */
  expectedKeys(): readonly RowKey[];
}

/**
 * The rows of one table within one batch, as the database would hold them. Each caller gets a copy of the row, so that
 * only saved changes count.
 */
export class RowMap<T extends ObjectLiteral> {
  private readonly entries = new Map<string, Entry>();
  private readonly loads = new Map<string, Promise<ReadonlyMap<string, StoredRow>>>();
  /** Keys requested in this turn of the event loop, which are loaded together. */
  private wanted: StoredKey[] = [];
  private expected: Map<string, StoredKey> | undefined;

  constructor(
    private readonly layout: RowLayout<T>,
    private readonly source: RowSource,
  ) {}

  async get(key: RowKey): Promise<T | undefined> {
    const wanted = this.layout.key(key);
    const loaded = this.entries.has(wanted.id) ? undefined : await this.load(wanted);
    // An entry may be dropped between its load and this line.
    const entry = this.entries.get(wanted.id);
    const row = entry ? entry.row : loaded?.get(wanted.id);
    return row && this.layout.toRow(row);
  }

  save(row: T): void {
    const stored = this.layout.toStored(row);
    const key = this.layout.keyOf(stored);
    this.entries.set(key.id, { row: stored, dirty: true, key });
  }

  remove(key: RowKey): void {
    const removed = this.layout.key(key);
    this.entries.set(removed.id, { row: undefined, dirty: true, key: removed });
  }

  /** Drops rows without unsaved changes, because SQL is about to change the table. */
  forgetClean(): void {
    for (const [id, { dirty }] of this.entries) if (!dirty) this.entries.delete(id);
  }

  /** A copy without rows that have no unsaved changes, and without pending loads. */
  withoutClean(): RowMap<T> {
    const map = new RowMap(this.layout, this.source);
    for (const [id, entry] of this.entries) if (entry.dirty) map.entries.set(id, entry);
    return map;
  }

  async flush(manager: EntityManager): Promise<void> {
    const dirty = [...this.entries].filter(([, entry]) => entry.dirty);
    if (dirty.length === 0) return;
    const removed = dirty.flatMap(([, { row, key }]) => (row ? [] : [key]));
    const saved = dirty.flatMap(([, { row }]) => (row ? [row] : []));
    await new TableStatements(manager, this.source.table, this.layout).write(removed, saved);
    for (const [id, entry] of dirty) {
      if (this.entries.get(id) === entry) this.entries.set(id, { ...entry, dirty: false });
    }
  }

  /** Loads each row once, however many callers request it. */
  private load(key: StoredKey): Promise<ReadonlyMap<string, StoredRow>> {
    const pending = this.loads.get(key.id);
    if (pending) return pending;
    if (this.wanted.length === 0) this.next = Promise.resolve().then(() => this.loadWanted());
    this.want(key);
    if (this.expectations().has(key.id)) for (const each of this.expectations().values()) this.want(each);
    return this.loads.get(key.id)!;
  }

  private next: Promise<ReadonlyMap<string, StoredRow>> = Promise.resolve(new Map());

  private want(key: StoredKey): void {
    if (this.entries.has(key.id) || this.loads.has(key.id)) return;
    this.wanted.push(key);
    this.loads.set(key.id, this.next);
  }

  private async loadWanted(): Promise<ReadonlyMap<string, StoredRow>> {
    const keys = this.wanted;
    this.wanted = [];
    try {
      const rows = await this.source.read((manager) =>
        new TableStatements(manager, this.source.table, this.layout).select(keys),
      );
      const found = new Map(rows.map((row) => [this.layout.keyOf(row).id, row]));
      // Rows saved or removed during the load keep their new state.
      for (const key of keys) this.enter(key, found.get(key.id));
      return found;
    } finally {
      for (const { id } of keys) this.loads.delete(id);
    }
  }

  private enter(key: StoredKey, row: StoredRow | undefined): void {
    if (!this.entries.has(key.id)) this.entries.set(key.id, { row, dirty: false, key });
  }

  private expectations(): ReadonlyMap<string, StoredKey> {
    if (!this.expected) {
      const keys = this.source.expectedKeys().map((key) => this.layout.possibleKey(key));
      this.expected = new Map(keys.flatMap((key) => (key ? [[key.id, key]] : [])));
    }
    return this.expected;
  }
}
