import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { OpenTransaction } from '../databases/open-transaction.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RowClass } from './row.js';
import { RowMap } from './row-map.js';

const running = new AsyncLocalStorage<ReadModelBatch>();

/** Where the rows of a batch are. */
export interface BatchTables {
  /** Reads what is committed; its metadata names the tables. Nobody else writes them. */
  readonly reads: EntityManager;
  readonly transaction: OpenTransaction;
  /** The manager of the transaction, with the metadata of these tables. */
  within(manager: EntityManager): EntityManager;
}

/**
 * The rows that some events of a read model touch. Handlers run outside of the transaction, which is begun to write the
 * rows and the checkpoint: a slow handler keeps nobody else from writing.
 */
export class ReadModelBatch {
  private readonly maps = new Map<RowClass, RowMap<ObjectLiteral>>();

  constructor(
    private readonly tables: BatchTables,
    private readonly events: readonly RecordedEvent[],
  ) {}

  /** @throws Error outside of a batch */
  static current(): ReadModelBatch {
    const batch = running.getStore();
    if (!batch) {
      throw new Error(
        'A ReadModel works only while its projection handles an event. In a query handler, use @InjectRepository.',
      );
    }
    return batch;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return running.run(this, work);
  }

  rows<T extends ObjectLiteral>(entity: RowClass<T>): RowMap<T> {
    let map = this.maps.get(entity);
    if (!map) {
      map = new RowMap<ObjectLiteral>(() => this.reading(), this.tableOf(entity), entity, this.events);
      this.maps.set(entity, map);
    }
    return map as unknown as RowMap<T>;
  }

  tableOf(entity: RowClass) {
    return this.tables.reads.dataSource.getMetadata(entity);
  }

  async handOver(): Promise<EntityManager> {
    const manager = await this.flush();
    this.maps.clear();
    return manager;
  }

  /**
   * Writes the rows out.
   * @returns the manager of the transaction, which is open from here on
   */
  async flush(): Promise<EntityManager> {
    const manager = this.tables.within(await this.tables.transaction.manager());
    for (const map of this.maps.values()) await map.flush(manager);
    return manager;
  }

  private async reading(): Promise<EntityManager> {
    const { transaction, reads } = this.tables;
    return transaction.isOpen ? this.tables.within(await transaction.manager()) : reads;
  }
}
