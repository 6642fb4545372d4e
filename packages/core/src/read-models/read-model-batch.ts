import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { LazyTransaction } from '../databases/lazy-transaction.js';
import type { ExpectedKeys } from './expected-keys.js';
import type { RowClass } from './row.js';
import type { RowLayouts } from './row-layouts.js';
import { RowMap } from './row-map.js';

/** Where the rows of a batch are. */
export interface BatchTables {
  /** The entities that the read model owns. */
  readonly entities: readonly unknown[];
  readonly layouts: RowLayouts;
  /** Reads what is committed; its metadata names the tables. Nobody else writes them. */
  readonly reads: EntityManager;
  /** The manager of the transaction, with the metadata of these tables. */
  within(manager: EntityManager): EntityManager;
}

/**
 * The rows that some events of a read model touch. Handlers run outside of the transaction, which is begun to write the
 * rows and the checkpoint: a slow handler keeps nobody else from writing.
 */
export class ReadModelBatch {
  private readonly maps = new Map<RowClass, RowMap<ObjectLiteral>>();
  private isHandedOver = false;
  /** What uses the connection of the transaction, until it is done. */
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
        // Behind SQL by hand rows are not kept: those of other events would be loaded again for each.
        expectedKeys: () => (this.isHandedOver ? [] : this.expected.all()),
      });
      this.maps.set(entity, map);
    }
    if (this.isHandedOver) map.forgetClean();
    return map as unknown as RowMap<T>;
  }

  tableOf(entity: RowClass): EntityMetadata {
    if (this.tables.entities.includes(entity)) return this.tables.reads.dataSource.getMetadata(entity);
    throw new Error(`${entity.name} is none of this projection's entities. List it in @Projection({ entities }).`);
  }

  /**
   * Writes the rows out, and forgets them: from here on they may be changed by SQL. What is saved while they are being
   * written stays for the next time.
   */
  handOver(): Promise<EntityManager> {
    return this.writeOut(() => {
      this.isHandedOver = true;
      for (const [entity, map] of this.maps) this.maps.set(entity, map.withoutClean());
    });
  }

  /**
   * Writes the rows out.
   * @returns the manager of the transaction, which is open from here on
   */
  flush(): Promise<EntityManager> {
    return this.writeOut(() => undefined);
  }

  /** One caller after the other. Once it has failed it fails for good: nobody knows which of the rows are written. */
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

  /** In the transaction, once it is open; a connection runs one statement after the other. */
  private async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (!this.transaction.isOpen) return work(this.tables.reads);
    const manager = this.tables.within(await this.transaction.manager());
    const before = this.turn;
    const reading = before.then(() => work(manager));
    this.turn = reading.then(
      () => undefined,
      () => before,
    );
    // The next reader gets this error. Without one it would be an unhandled rejection.
    this.turn.catch(() => undefined);
    return reading;
  }
}
