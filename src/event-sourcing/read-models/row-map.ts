import { type EntityManager, type EntityMetadata, In, type ObjectLiteral } from 'typeorm';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RowClass, RowKey } from './row.js';
import { deleteRows, upsertRows } from './write-rows.js';

interface Entry<T> {
  /** Undefined: there is no such row. */
  row: T | undefined;
  dirty: boolean;
  readonly key: ObjectLiteral;
}

/** The identity map of one table within one batch. */
export class RowMap<T extends ObjectLiteral> {
  private readonly entries = new Map<string, Entry<T>>();
  private streamIds: Set<string> | undefined;

  constructor(
    private readonly reading: () => Promise<EntityManager>,
    private readonly metadata: EntityMetadata,
    private readonly entity: RowClass<T>,
    private readonly events: readonly RecordedEvent[],
  ) {}

  async get(key: RowKey): Promise<T | undefined> {
    const where = this.keyOf(key);
    const id = this.idOf(where);
    if (!this.entries.has(id)) await this.load(where);
    return this.entries.get(id)?.row;
  }

  save(row: T): void {
    const key = this.metadata.getEntityIdMap(row);
    if (!key) throw new Error(`A row of ${this.metadata.name} was saved without its primary key.`);
    this.entries.set(this.idOf(key), { row, dirty: true, key });
  }

  remove(key: RowKey): void {
    const where = this.keyOf(key);
    this.entries.set(this.idOf(where), { row: undefined, dirty: true, key: where });
  }

  async flush(manager: EntityManager): Promise<void> {
    const dirty = [...this.entries.values()].filter((entry) => entry.dirty);
    const removed = dirty.filter((entry) => entry.row === undefined).map((entry) => entry.key);
    const saved = dirty.flatMap((entry) => (entry.row === undefined ? [] : [entry.row]));
    await deleteRows(manager, this.metadata, removed);
    await upsertRows(manager, this.metadata, saved);
    for (const entry of dirty) entry.dirty = false;
  }

  /**
   * Loads one row. Most read models have a row per aggregate: when the key is the id of one of the batch's streams, the
   * rows of all its streams come along in one query.
   */
  private async load(key: ObjectLiteral): Promise<void> {
    const [column] = this.metadata.primaryColumns;
    const single = this.metadata.primaryColumns.length === 1 ? (key[column!.propertyName] as unknown) : undefined;
    const keys = typeof single === 'string' && this.idsOfStreams().has(single) ? [...this.idsOfStreams()] : undefined;
    const wanted = keys ? keys.map((each) => ({ [column!.propertyName]: each })) : [key];
    const missing = wanted.filter((each) => !this.entries.has(this.idOf(each)));
    for (const each of missing) this.entries.set(this.idOf(each), { row: undefined, dirty: false, key: each });
    const where: ObjectLiteral = keys
      ? { [column!.propertyName]: In(missing.map((each) => each[column!.propertyName] as string)) }
      : key;
    const manager = await this.reading();
    for (const row of await manager.findBy<ObjectLiteral>(this.entity, where)) {
      const found = this.metadata.getEntityIdMap(row)!;
      this.entries.set(this.idOf(found), { row: row as T, dirty: false, key: found });
    }
  }

  private idsOfStreams(): Set<string> {
    return (this.streamIds ??= new Set(this.events.map(({ stream }) => stream.slice(stream.indexOf('-') + 1))));
  }

  private keyOf(key: RowKey): ObjectLiteral {
    if (typeof key === 'object') return key;
    return { [this.metadata.primaryColumns[0]!.propertyName]: key };
  }

  private idOf(key: ObjectLiteral): string {
    const columns = this.metadata.primaryColumns;
    if (columns.length === 1) return String(key[columns[0]!.propertyName]);
    return JSON.stringify(columns.map((column) => String(key[column.propertyName])));
  }
}
