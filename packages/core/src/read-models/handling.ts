import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { RowsOfStream } from './own-rows.js';
import type { ReadModelBatch } from './read-model-batch.js';
import type { RowClass, RowKey } from './row.js';
import type { RowMap } from './row-map.js';

const running = new AsyncLocalStorage<Handling>();

/** Handling of one event by a projection. Calls to `ReadModel` are accepted until the handler's promise settles. */
export class Handling {
  private isOver = false;
  private pendingCalls = 0;
  private misuse: Error | undefined;

  /** @param own the rows that the handler may use; all when left out */
  constructor(
    private readonly batch: ReadModelBatch,
    private readonly own?: RowsOfStream,
  ) {}

  /**
   * The rows that the calling handler may use.
   * @throws Error when no handler is running, or its promise has settled
   */
  static batch(): ReadModelBatch {
    return Handling.current().batch;
  }

  /**
   * The rows of an entity, for work on one of them.
   * @param key its key, or the row itself
   * @throws ForeignRowError
   */
  rowsFor<T extends ObjectLiteral>(entity: RowClass<T>, key: RowKey | T): RowMap<T> {
    const rows = this.batch.rows(entity);
    this.own?.check(entity.name, rows.firstKeyColumn(key));
    return rows;
  }

  /** @throws ForeignRowError */
  openForSql(): Promise<EntityManager> {
    this.own?.refuseSql();
    return this.batch.openForSql();
  }

  /** Runs work that the handler must await. @throws Error like `batch` */
  static async awaited<T>(work: (handling: Handling) => T | Promise<T>): Promise<T> {
    const handling = Handling.current();
    handling.pendingCalls += 1;
    try {
      return await work(handling);
    } finally {
      handling.pendingCalls -= 1;
    }
  }

  /** @throws Error like `batch` */
  static current(): Handling {
    const handling = running.getStore();
    if (!handling) {
      throw new Error(
        'A ReadModel works only while its projection handles an event. In a query handler, use @InjectReadModelRepository.',
      );
    }
    if (!handling.isOver) return handling;
    handling.misuse = new Error(
      'A ReadModel was used after the handler had returned, so the row would be lost. Await everything that the handler begins.',
    );
    throw handling.misuse;
  }

  /** @throws Error what the handler throws; also when it returns before its calls to ReadModels have settled */
  async run(handler: () => Promise<void> | void): Promise<void> {
    try {
      await running.run(this, handler);
    } finally {
      this.isOver = true;
    }
    if (this.pendingCalls > 0) {
      throw new Error('The handler returned before its ReadModel had answered. Await get() and manager().');
    }
  }

  /** @throws Error when the handler used a ReadModel after it had returned */
  check(): void {
    if (this.misuse) throw this.misuse;
  }
}
