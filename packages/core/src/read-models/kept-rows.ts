import type { RowClass } from './row.js';
import type { StoredKey, StoredRow } from './row-layout.js';

/** A row as it is in the database; no row when there is none with the key. */
export interface KeptRow {
  readonly key: StoredKey;
  readonly row: StoredRow | undefined;
}

/** The most rows of one table in memory, and about how many bytes they may have. */
export interface KeptLimits {
  readonly rows: number;
  readonly bytes: number;
  /** A table may be asked whether it is empty when at least so many rows are looked for at once. */
  readonly asked: number;
}

const LIMITS: KeptLimits = { rows: 20_000, bytes: 16 * 1024 * 1024, asked: 100 };
/** About the size of a row's objects besides its texts. */
const ROW_BYTES = 200;

/**
 * Rows of a read model in memory between two batches, the most recently used ones. They are equal to the committed rows
 * as long as nothing else writes the tables. Whatever may make them differ clears them: a failed batch, SQL of the
 * projection, a rebuild, the end of the lease. If another process has taken over, its checkpoint refuses this one's.
 */
export class KeptRows {
  private readonly tables = new Map<RowClass, KeptTable>();
  /** Tables with rows seldom become empty, so each is asked once. */
  private readonly seen = new Set<RowClass>();

  constructor(private readonly limits = LIMITS) {}

  of(entity: RowClass): KeptTable {
    let table = this.tables.get(entity);
    if (!table) this.tables.set(entity, (table = new KeptTable(this.limits, !this.seen.has(entity))));
    this.seen.add(entity);
    return table;
  }

  clear(): void {
    this.tables.clear();
  }
}

/** A row's place in memory. */
class Place implements KeptRow {
  /** Since it was last passed by when room was needed. */
  isUsed = false;

  constructor(
    readonly key: StoredKey,
    public row: StoredRow | undefined,
    public bytes: number,
  ) {}
}

/**
 * Rows of one table. The oldest one gives way, unless it was used since it was last considered (the clock algorithm). So a use
 * costs no more than a mark. A table that was empty when it was first read is here as a whole until a row gives way: then a new
 * read model, or a rebuild, need not read the rows that are not there yet.
 */
export class KeptTable {
  private readonly rows = new Map<string, Place>();
  private bytes = 0;
  private whole = false;

  constructor(
    private readonly limits: KeptLimits,
    private mayAsk: boolean,
  ) {}

  /** Whether a row that is not here is not in the database, either. */
  get isWhole(): boolean {
    return this.whole;
  }

  /** Whether to ask if the table is empty before so many rows are read. True once at most. */
  asksFor(keys: number): boolean {
    if (!this.mayAsk || keys < this.limits.asked) return false;
    this.mayAsk = false;
    return true;
  }

  /** The table was empty, and nobody has written to it since but through this. */
  wasEmpty(): void {
    this.whole = true;
  }

  find(id: string): KeptRow | undefined {
    const place = this.rows.get(id);
    if (!place) return undefined;
    place.isUsed = true;
    return place;
  }

  /** Takes over rows as they were committed. */
  keep(rows: Iterable<KeptRow>): void {
    for (const row of rows) this.put(row);
    for (const [id, place] of this.rows) {
      if (this.rows.size <= this.limits.rows && this.bytes <= this.limits.bytes) break;
      this.rows.delete(id);
      if (place.isUsed && place.bytes <= this.limits.bytes) {
        place.isUsed = false;
        this.rows.set(id, place);
      } else {
        this.bytes -= place.bytes;
        this.whole = false;
      }
    }
  }

  private put({ key, row }: KeptRow): void {
    const place = this.rows.get(key.id);
    const bytes = sizeOf(key, row);
    this.bytes += bytes - (place?.bytes ?? 0);
    if (!place) {
      this.rows.set(key.id, new Place(key, row, bytes));
      return;
    }
    place.row = row;
    place.bytes = bytes;
    place.isUsed = true;
  }
}

function sizeOf(key: StoredKey, row: StoredRow | undefined): number {
  let bytes = ROW_BYTES + key.id.length;
  if (!row) return bytes;
  for (const value of row) {
    if (typeof value === 'string') bytes += 2 * value.length;
    else if (typeof value === 'object' && value !== null) bytes += sizeOfObject(value);
  }
  return bytes;
}

function sizeOfObject(value: object): number {
  return value instanceof Uint8Array ? value.byteLength : 2 * JSON.stringify(value).length;
}
