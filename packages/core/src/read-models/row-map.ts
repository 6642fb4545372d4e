import type { ObjectLiteral } from 'typeorm';
import type { DependentWrite } from '../databases/dependent-write.js';
import type { PreparedStatements } from '../databases/prepared-statements.js';
import type { KeptRow } from './kept-rows.js';
import type { RowKey } from './row.js';
import type { RowLayout, StoredKey, StoredRow } from './row-layout.js';
import type { TableStatements } from './statements/table-statements.js';

/** Where the rows of a table come from, and which of them a batch is expected to need. */
export interface RowSource {
  /** Runs work on connections that have no other user at that time, or that may run several statements at once. */
  read<T>(work: (database: PreparedStatements) => Promise<T>): Promise<T>;
  /** A row that an earlier batch has left in memory. */
  kept(id: string): KeptRow | undefined;
  /** Whether a row that is not in memory is not in the database, either. */
  isWhole(): boolean;
  /** Whether to ask if the table is empty before so many rows are read. */
  asksFor(keys: number): boolean;
  /** The table is empty. */
  wasEmpty(): void;
  /** A row was removed, and with it something that a row of the same key does not bring back. */
  removedForGood(): void;
  /** Keys of the rows that the batch's events belong to, as far as known. */
  expectedKeys(): readonly RowKey[];
}

/**
 * The rows of one table within one batch, as the database would hold them. Each caller gets a copy of the row, so that
 * only saved changes count.
 */
export class RowMap<T extends ObjectLiteral> {
  /** Rows that the batch has read or changed, apart from those that an earlier batch has left in memory. */
  private readonly entries = new Map<string, Entry>();
  /** Those of them that are not written yet. */
  private unsaved: Entry[] = [];
  private readonly loads = new Map<string, Promise<ReadonlyMap<string, StoredRow>>>();
  /** The row that was looked for last: a handler that gets a row saves it next. */
  private last: KeptRow | undefined;
  /** Keys requested in this turn of the event loop, which are loaded together. */
  private wanted: StoredKey[] = [];
  private expected: Map<string, StoredKey> | undefined;

  constructor(
    private readonly layout: RowLayout<T>,
    private readonly statements: TableStatements,
    private readonly source: RowSource,
  ) {}

  /** The stored value of the first column of a key. @param key the key, or a row */
  firstKeyColumn(key: RowKey | T): unknown {
    return this.layout.key(key).values[0];
  }

  /** A row that is in memory is returned without a promise. */
  get(key: RowKey): T | undefined | Promise<T | undefined> {
    const known = this.known(this.layout.idOf(key));
    if (known) return this.copy(known.row);
    return this.source.isWhole() ? undefined : this.loaded(this.layout.key(key));
  }

  /** The row in memory. */
  private known(id: string): KeptRow | undefined {
    if (this.last?.key.id === id) return this.last;
    return (this.last = this.entries.get(id) ?? this.source.kept(id));
  }

  private knownOf(stored: StoredRow): KeptRow | undefined {
    const { last, layout } = this;
    return last && layout.hasKey(stored, last.key) ? last : this.known(layout.idOfStored(stored));
  }

  private async loaded(wanted: StoredKey): Promise<T | undefined> {
    const loaded = await this.load(wanted);
    // An entry may be dropped between its load and this line.
    const entry = this.entries.get(wanted.id);
    return this.copy(entry ? entry.row : loaded.get(wanted.id));
  }

  private copy(row: StoredRow | undefined): T | undefined {
    return row && this.layout.toRow(row);
  }

  /** The rows that the batch has read or changed, as they are after the commit. */
  committed(): Iterable<KeptRow> {
    return this.entries.values();
  }

  save(row: T): void {
    const stored = this.layout.toStored(row);
    const known = this.knownOf(stored);
    // A new row gets its key from its values. The key by which it was looked for may be a part of a longer text, which V8
    // compares letter by letter, and keeps in memory with it.
    this.change(known, known?.row ? known.key : this.layout.keyOf(stored), stored);
  }

  remove(key: RowKey): void {
    const removed = this.layout.key(key);
    if (!this.layout.table.isReplaceable) this.source.removedForGood();
    this.change(this.known(removed.id), removed, undefined);
  }

  private change(known: KeptRow | undefined, key: StoredKey, row: StoredRow | undefined): void {
    const entry = known instanceof Entry ? known : new Entry(key, row);
    if (entry !== known) this.entries.set(key.id, entry);
    entry.key = key;
    entry.row = row;
    this.last = entry;
    if (entry.isUnsaved) return;
    entry.isUnsaved = true;
    this.unsaved.push(entry);
  }

  /** Drops rows without unsaved changes, because SQL is about to change the table. */
  forgetClean(): void {
    for (const [id, { isUnsaved }] of this.entries) if (!isUnsaved) this.entries.delete(id);
    this.last = undefined;
  }

  /** A copy without rows that have no unsaved changes, and without pending loads. */
  withoutClean(): RowMap<T> {
    const map = new RowMap(this.layout, this.statements, this.source);
    for (const { key, row } of this.unsaved) map.change(undefined, key, row);
    return map;
  }

  /** The unsaved changes, as writes whose order is of no importance; undefined when it may be. */
  writes(): DependentWrite[] | undefined {
    const { removed, saved } = divided(this.unsaved);
    return this.statements.writes(removed, saved);
  }

  /** What is saved during the write is left for the next one. After a failure it is not known what is written. */
  async flush(database: PreparedStatements): Promise<void> {
    if (this.unsaved.length === 0) return;
    const changes = this.unsaved;
    this.unsaved = [];
    for (const change of changes) change.isUnsaved = false;
    const { removed, saved } = divided(changes);
    await this.statements.write(database, removed, saved);
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
    if (this.loads.has(key.id) || this.known(key.id)) return;
    this.wanted.push(key);
    this.loads.set(key.id, this.next);
  }

  private async loadWanted(): Promise<ReadonlyMap<string, StoredRow>> {
    const keys = this.wanted;
    this.wanted = [];
    try {
      const rows = await this.source.read((database) => this.select(database, keys));
      const found = new Map(rows.map((row) => [this.layout.idOfStored(row), row]));
      // Rows saved or removed during the load keep their new state.
      for (const key of keys) this.enter(key, found.get(key.id));
      return found;
    } finally {
      for (const { id } of keys) this.loads.delete(id);
    }
  }

  private async select(database: PreparedStatements, keys: readonly StoredKey[]): Promise<StoredRow[]> {
    if (!this.source.asksFor(keys.length) || !(await this.statements.isEmpty(database)))
      return this.statements.select(database, keys);
    this.source.wasEmpty();
    return [];
  }

  private enter(key: StoredKey, row: StoredRow | undefined): void {
    if (!this.entries.has(key.id)) this.entries.set(key.id, new Entry(key, row));
    this.last = undefined;
  }

  private expectations(): ReadonlyMap<string, StoredKey> {
    if (!this.expected) {
      const keys = this.source.expectedKeys().map((key) => this.layout.possibleKey(key));
      this.expected = new Map(keys.flatMap((key) => (key ? [[key.id, key]] : [])));
    }
    return this.expected;
  }
}

/** A row of this batch. */
class Entry implements KeptRow {
  /** It was saved or removed, and that is not written yet. */
  isUnsaved = false;

  constructor(
    public key: StoredKey,
    public row: StoredRow | undefined,
  ) {}
}

function divided(changes: Iterable<KeptRow>): { removed: StoredKey[]; saved: StoredRow[] } {
  const removed: StoredKey[] = [];
  const saved: StoredRow[] = [];
  for (const { key, row } of changes) {
    if (row) saved.push(row);
    else removed.push(key);
  }
  return { removed, saved };
}
