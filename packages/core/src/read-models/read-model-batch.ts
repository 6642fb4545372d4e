import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { LazyTransaction } from '../databases/lazy-transaction.js';
import type { ExpectedKeys } from './expected-keys.js';
import type { RowClass } from './row.js';
import type { RowLayouts } from './row-layouts.js';
import { RowMap } from './row-map.js';

/** Tables that hold the rows of a batch. */
export interface BatchTables {
  /** The entities that the read model owns. */
  readonly entities: readonly unknown[];
  readonly layouts: RowLayouts;
  /** Reads committed data; its metadata has the table names. Only this read model writes these tables. */
  readonly reads: EntityManager;
  /** The transaction's manager, with the metadata of these tables. */
  within(manager: EntityManager): EntityManager;
}

/**
 * The rows that a batch of events reads and writes. Handlers run outside the transaction, which begins only to write
 * the rows and the checkpoint, so a slow handler does not block other writers.
 */
export class ReadModelBatch {
  private readonly maps = new Map<RowClass, RowMap<ObjectLiteral>>();
  private isOpenForSql = false;
  /** Serializes statements on the transaction's connection. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly tables: BatchTables,
    private readonly transaction: LazyTransaction,
    private readonly expected: ExpectedKeys,
  ) {}

  /** @throws Error when the read model does not own the entity */
  rows<T extends ObjectLiteral>(entity: RowClass<T>): RowMap<T> {
    let map = this.maps.get(entity);
    if (!map) {
      const table = this.tableOf(entity).tableName;
      map = new RowMap<ObjectLiteral>(this.tables.layouts.of(entity), {
        table,
        read: (work) => this.read(work),
        // After the projection's own SQL, rows are not cached, so expected keys would be loaded again for each event.
        expectedKeys: () => (this.isOpenForSql ? [] : this.expected.all()),
      });
      this.maps.set(entity, map);
    }
    if (this.isOpenForSql) map.forgetClean();
    return map as unknown as RowMap<T>;
  }

  tableOf(entity: RowClass): EntityMetadata {
    if (this.tables.entities.includes(entity)) return this.tables.reads.dataSource.getMetadata(entity);
    throw new Error(`${entity.name} is none of this projection's entities. List it in @Projection({ entities }).`);
  }

  /**
   * Writes the rows and forgets them, because the handler's SQL may change them from here on. Rows saved during the
   * write are kept for the next one.
   */
  openForSql(): Promise<EntityManager> {
    return this.writeOut(() => {
      this.isOpenForSql = true;
      for (const [entity, map] of this.maps) this.maps.set(entity, map.withoutClean());
    });
  }

  /**
   * Writes the rows.
   * @returns the manager of the transaction, which is open from here on
   */
  flush(): Promise<EntityManager> {
    return this.writeOut(() => undefined);
  }

  /** One caller at a time. After a failure it always fails, because it is unknown which rows are written. */
  private async writeOut(finish: () => void): Promise<EntityManager> {
    const manager = this.tables.within(await this.transaction.manager());
    const before = this.turn;
    const write = async (): Promise<void> => {
      await before;
      for (const map of this.maps.values()) await map.flush(manager);
      finish();
    };
    await (this.turn = write());
    return manager;
  }

  /** Reads in the transaction once it is open. A connection runs one statement at a time. */
  private async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (!this.transaction.isOpen) return work(this.tables.reads);
    const manager = this.tables.within(await this.transaction.manager());
    const before = this.turn;
    const reading = before.then(() => work(manager));
    this.turn = reading.then(
      () => undefined,
      () => before,
    );
    // The next reader gets this error. Without a catch it would be an unhandled rejection.
    this.turn.catch(() => undefined);
    return reading;
  }
}
