import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseKind } from './database-url.js';
import type { Dialect } from './dialects/dialect.js';
import { POSTGRES } from './dialects/postgres.dialect.js';
import { type Executed, execute } from './execute.js';

/** A database that the kernel writes to. All writes of this process go through `transaction` or `statement`. */
export abstract class WriteDatabase {
  /** The SQL that differs between the databases. @internal */
  abstract readonly dialect: Dialect;

  /** @internal */
  constructor(readonly dataSource: DataSource) {}

  get kind(): DatabaseKind {
    return this.dialect.kind;
  }

  /**
   * Runs `work` in a transaction of its own, and settles after the commit. On SQLite, transactions of one process
   * run one after the other: `work` must not wait for another transaction on the same database.
   */
  abstract transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;

  /** Runs one statement as a transaction of its own. Placeholders are question marks. */
  abstract statement<Row = unknown>(sql: string, parameters: readonly unknown[]): Promise<Executed<Row>>;

  /** @internal */
  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** Each session of its DataSource has READ COMMITTED as its default. */
export class PostgresWriteDatabase extends WriteDatabase {
  readonly dialect = POSTGRES;

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  async statement<Row>(sql: string, parameters: readonly unknown[]): Promise<Executed<Row>> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await execute<Row>(runner, sql, parameters);
    } finally {
      await runner.release();
    }
  }
}
