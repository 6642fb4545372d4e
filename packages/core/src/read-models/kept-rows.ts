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
}

const LIMITS: KeptLimits = { rows: 20_000, bytes: 16 * 1024 * 1024 };
/** About the size of a row's objects besides its texts. */
const ROW_BYTES = 200;

/**
 * Rows of a read model in memory between two batches, the most recently used ones. They are equal to the committed rows
 * as long as nothing else writes the tables. Whatever may make them differ clears them: a failed batch, SQL of the
 * projection, a rebuild, the end of the lease. If another process has taken over, its checkpoint refuses this one's.
 */
export class KeptRows {
  private readonly tables = new Map<RowClass, KeptTable>();

  constructor(private readonly limits = LIMITS) {}

  of(entity: RowClass): KeptTable {
    let table = this.tables.get(entity);
    if (!table) this.tables.set(entity, (table = new KeptTable(this.limits)));
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
 * costs no more than a mark.
 */
export class KeptTable {
  private readonly rows = new Map<string, Place>();
  private bytes = 0;

  constructor(private readonly limits: KeptLimits) {}

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
