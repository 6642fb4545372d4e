import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { DependentWrite } from '../databases/dependent-write.js';
import type { LazyTransaction } from '../databases/lazy-transaction.js';
import { preparedOn, preparedWithin } from '../databases/prepare.js';
import type { PreparedStatements } from '../databases/prepared-statements.js';
import type { ExpectedKeys } from './expected-keys.js';
import type { KeptRows } from './kept-rows.js';
import type { RowClass } from './row.js';
import type { RowLayouts } from './row-layouts.js';
import { RowMap } from './row-map.js';
import { TableStatements } from './statements/table-statements.js';

/** Tables that hold the rows of a batch. */
export interface BatchTables {
  /** The entities that the read model owns. */
  readonly entities: readonly unknown[];
  readonly layouts: RowLayouts;
  /** Rows in memory from earlier batches. */
  readonly kept: KeptRows;
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
  private readonly reads: PreparedStatements;
  /**
   * Whether later events need the database as it is after this batch: a row was removed, and a foreign key or a trigger may
   * change other rows then.
   */
  mustEnd = false;
  private isOpenForSql = false;
  /** Settles when the statements that were begun last on the transaction's connection are done. */
  private turn: Promise<void> = Promise.resolve();
  /** Why the rows could not be written. */
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly tables: BatchTables,
    private readonly transaction: LazyTransaction,
    private readonly expected: ExpectedKeys,
  ) {
    const { queryRunner, dataSource } = tables.reads;
    this.reads = queryRunner ? preparedWithin(queryRunner) : preparedOn(dataSource);
  }

  /** @throws Error when the read model does not own the entity */
  rows<T extends ObjectLiteral>(entity: RowClass<T>): RowMap<T> {
    let map = this.maps.get(entity);
    if (!map) {
      const { layouts, kept } = this.tables;
      const layout = layouts.of(entity);
      const rows = kept.of(entity);
      map = new RowMap<ObjectLiteral>(layout, TableStatements.of(layout, this.tableOf(entity).tableName), {
        read: (work) => this.read(work),
        kept: (id) => (this.isOpenForSql ? undefined : rows.find(id)),
        isWhole: () => !this.isOpenForSql && rows.isWhole,
        asksFor: (keys) => !this.isOpenForSql && rows.asksFor(keys),
        wasEmpty: () => rows.wasEmpty(),
        removedForGood: () => void (this.mustEnd = true),
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

  /** The rows to write, if their order is of no importance; undefined if it may be, or the transaction is open already. */
  writes(): DependentWrite[] | undefined {
    if (this.transaction.isOpen || (this.maps.size > 1 && !this.areAlone)) return undefined;
    const writes: DependentWrite[] = [];
    for (const map of this.maps.values()) {
      const some = map.writes();
      if (!some) return undefined;
      writes.push(...some);
    }
    return writes;
  }

  /**
   * Writes the rows.
   * @returns the manager of the transaction, which is open from here on
   */
  flush(): Promise<EntityManager> {
    return this.writeOut(() => undefined);
  }

  /**
   * Leaves the rows in memory for the next batch. Called after the commit. Not if something besides this batch may have
   * changed them: SQL of the projection, a trigger, or a foreign key.
   */
  keepRows(): void {
    const { kept } = this.tables;
    if (this.isOpenForSql || !this.areAlone) return kept.clear();
    for (const [entity, map] of this.maps) kept.of(entity).keep(map.committed());
  }

  /** Whether nothing in the database depends on these rows. */
  private get areAlone(): boolean {
    return [...this.maps.keys()].every((entity) => this.tables.layouts.of(entity).table.isReplaceable);
  }

  /** After a failure, nothing can be read or written: it is unknown which rows are written. */
  private async writeOut(finish: () => void): Promise<EntityManager> {
    const manager = this.tables.within(await this.transaction.manager());
    await this.inTurn(async () => {
      try {
        const database = preparedWithin(manager.queryRunner!);
        for (const map of this.maps.values()) await map.flush(database);
        finish();
      } catch (error) {
        this.failure = { error };
        throw error;
      }
    });
    return manager;
  }

  /** Reads in the transaction once it is open. */
  private async read<T>(work: (database: PreparedStatements) => Promise<T>): Promise<T> {
    if (!this.transaction.isOpen) return work(this.reads);
    const { queryRunner } = await this.transaction.manager();
    return this.inTurn(() => work(preparedWithin(queryRunner!)));
  }

  /** One at a time on the transaction's connection. @throws the error of a write that failed before */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.turn;
    let finish!: () => void;
    this.turn = new Promise((resolve) => (finish = resolve));
    await before;
    try {
      if (this.failure) throw this.failure.error;
      return await work();
    } finally {
      finish();
    }
  }
}
