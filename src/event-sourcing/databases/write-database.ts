import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseKind } from './database-url.js';

/** A database that the kernel writes to. All writes of this process go through `transaction`. */
export abstract class WriteDatabase {
  abstract readonly kind: DatabaseKind;

  constructor(readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction of its own, and settles after the commit. On SQLite, transactions of one process
   * run one after the other: `work` must not wait for another transaction on the same database.
   */
  abstract transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

export class PostgresWriteDatabase extends WriteDatabase {
  readonly kind = 'postgres';

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction('READ COMMITTED', work);
  }
}
