import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { type Executed, execute } from './execute.js';
import { Mutex } from './mutex.js';
import { WriteDatabase } from './write-database.js';

/** Waits that follow one another within so many ms are for the same writer: they share the limit. */
const SAME_WAIT = 250;

/**
 * The one writer of a SQLite file in this process. TypeORM shares a single query runner per SQLite DataSource, so two
 * transactions at once would be savepoints of one another: they queue here instead. `BEGIN IMMEDIATE` takes the file's
 * write lock first; while another process has it, this one waits without blocking its event loop.
 */
export class SqliteWriteDatabase extends WriteDatabase {
  readonly kind = 'sqlite';
  private readonly mutex = new Mutex();
  /** When another writer was first and last found, since this one wrote; by `performance.now()`. */
  private busy = { since: 0, until: -Infinity };

  /**
   * @internal
   * @param limit how long a transaction waits for another process that writes to the same file, in ms
   */
  constructor(
    dataSource: DataSource,
    private readonly limit: number,
  ) {
    super(dataSource);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.mutex.run(() => this.run(work));
  }

  statement<Row>(sql: string, parameters: readonly unknown[]): Promise<Executed<Row>> {
    return this.mutex.run(() =>
      this.whenFree(() => execute<Row>(this.dataSource.createQueryRunner(), sql, parameters)),
    );
  }

  override async close(): Promise<void> {
    await this.mutex.drained();
    await super.close();
  }

  private async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    await this.whenFree(() => runner.query('BEGIN IMMEDIATE'));
    declareTransaction(runner, true);
    let result: T;
    try {
      result = await work(runner.manager);
      await runner.query('COMMIT');
    } catch (error) {
      await rollback(runner);
      throw error;
    } finally {
      declareTransaction(runner, false);
    }
    return result;
  }

  /** Begins to write as soon as no other process does. */
  private async whenFree<T>(begin: () => Promise<T>): Promise<T> {
    for (;;) {
      const now = performance.now();
      try {
        const begun = await begin();
        this.busy.until = -Infinity;
        return begun;
      } catch (error) {
        if (!isBusy(error)) throw error;
        // Otherwise each in the queue would wait so long anew, and the last for minutes.
        if (now - this.busy.until > SAME_WAIT) this.busy.since = now;
        this.busy.until = performance.now();
        if (this.busy.until - this.busy.since > this.limit) throw error;
        await delay(1 + Math.random() * 9);
      }
    }
  }
}

async function rollback(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch (error) {
    // A full disk or an I/O error makes SQLite roll back by itself; then there is nothing left to roll back.
    if (!String(error).includes('no transaction is active')) throw error;
  }
}

/** Tells TypeORM of a transaction that it did not begin itself, so that a nested one becomes a savepoint. */
function declareTransaction(runner: QueryRunner, active: boolean): void {
  const state = runner as unknown as { isTransactionActive: boolean; transactionDepth: number };
  state.isTransactionActive = active;
  state.transactionDepth = active ? 1 : 0;
}

export function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
