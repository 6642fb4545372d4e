import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import type { Write } from './dependent-write.js';
import { SQLITE } from './dialects/sqlite.dialect.js';
import { type Executed, execute } from './execute.js';
import { Mutex } from './mutex.js';
import { SqliteCheckpoints } from './sqlite-checkpoints.js';
import { SqliteStatements } from './sqlite-statements.js';
import { WriteDatabase } from './write-database.js';

/** Two waits less than this many ms apart are for the same writer and share the limit. */
const SAME_WAIT = 250;

/**
 * The only writer of a SQLite file in this process. TypeORM shares one query runner per SQLite DataSource, so two
 * concurrent transactions would become savepoints of each other; they queue here instead. `BEGIN IMMEDIATE` takes the
 * file's write lock first. While another process holds it, this one waits without blocking its event loop.
 */
export class SqliteWriteDatabase extends WriteDatabase {
  readonly dialect = SQLITE;
  private readonly mutex = new Mutex();
  private readonly statements: SqliteStatements;
  private readonly checkpoints: SqliteCheckpoints;
  /**
   * When another process's write lock was first and last seen since this process last wrote; by `performance.now()`.
   */
  private busy = { since: 0, until: -Infinity };

  /**
   * @internal
   * @param limit how long a transaction waits for another process that writes to the same file, in ms
   */
  constructor(
    path: string,
    dataSource: DataSource,
    private readonly limit: number,
  ) {
    super(dataSource);
    this.statements = SqliteStatements.on(dataSource);
    this.checkpoints = new SqliteCheckpoints(path, dataSource);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.mutex.run(() => this.run(work));
  }

  /**
   * Runs `work` in a transaction of its own, in one turn of the event loop: it uses prepared statements of this connection,
   * and waits for nothing.
   */
  transactionInOneTurn<T>(work: (statements: SqliteStatements) => T): Promise<T> {
    return this.mutex.run(() => this.runInOneTurn(work));
  }

  statement<Row>(sql: string, parameters: readonly unknown[]): Promise<Executed<Row>> {
    return this.mutex.run(async () => {
      const done = await this.whenFree(() => execute<Row>(this.dataSource.createQueryRunner(), sql, parameters));
      this.checkpoints.committed();
      return done;
    });
  }

  together(first: Write, others: readonly Write[]): Promise<boolean> {
    return this.transactionInOneTurn(() => {
      if (this.write(first) === 0) return false;
      for (const each of others) this.write(each);
      return true;
    });
  }

  inTurn(statements: () => readonly Write[]): Promise<Executed<unknown>[]> {
    return this.transactionInOneTurn(() => statements().map((each) => this.execute(each)));
  }

  /** Returns the number of rows written. */
  private write(statement: Write): number {
    return this.execute(statement).affected;
  }

  /** Reports the statement and its error as TypeORM does. */
  private execute({ sql, parameters }: Write): Executed<unknown> {
    this.dataSource.logger.logQuery(sql, [...parameters]);
    try {
      const statement = this.statements.of(sql);
      if (!statement.reader) return { rows: [], affected: statement.run(...parameters).changes };
      const rows = statement.all(...parameters);
      return { rows, affected: rows.length };
    } catch (error) {
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }

  override async close(): Promise<void> {
    await this.mutex.drained();
    await this.checkpoints.stop();
    await super.close();
  }

  private async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    await this.begin();
    declareTransaction(runner, true);
    let result: T;
    try {
      result = await work(runner.manager);
      this.statements.of('COMMIT').run();
    } catch (error) {
      this.rollback();
      throw error;
    } finally {
      declareTransaction(runner, false);
    }
    this.checkpoints.committed();
    return result;
  }

  private async runInOneTurn<T>(work: (statements: SqliteStatements) => T): Promise<T> {
    await this.begin();
    let result: T;
    try {
      result = work(this.statements);
      this.statements.of('COMMIT').run();
    } catch (error) {
      this.rollback();
      throw error;
    }
    this.checkpoints.committed();
    return result;
  }

  private begin(): Promise<unknown> {
    return this.whenFree(async () => this.statements.of('BEGIN IMMEDIATE').run());
  }

  private rollback(): void {
    try {
      this.statements.of('ROLLBACK').run();
    } catch (error) {
      // After a full disk or an I/O error, SQLite rolls back by itself, so there may be no transaction left.
      if (!String(error).includes('no transaction is active')) throw error;
    }
  }

  /** Begins to write as soon as no other process holds the write lock. */
  private async whenFree<T>(begin: () => Promise<T>): Promise<T> {
    for (;;) {
      const now = performance.now();
      try {
        const begun = await begin();
        this.busy.until = -Infinity;
        return begun;
      } catch (error) {
        if (!isBusy(error)) throw error;
        // Otherwise each transaction in the queue would wait for the full limit, and the last one for minutes.
        if (now - this.busy.until > SAME_WAIT) this.busy.since = now;
        this.busy.until = performance.now();
        if (this.busy.until - this.busy.since > this.limit) throw error;
        await delay(1 + Math.random() * 9);
      }
    }
  }
}

/** Marks the transaction as active in TypeORM, so that a nested one becomes a savepoint. */
function declareTransaction(runner: QueryRunner, active: boolean): void {
  const state = runner as unknown as { isTransactionActive: boolean; transactionDepth: number };
  state.isTransactionActive = active;
  state.transactionDepth = active ? 1 : 0;
}

export function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
