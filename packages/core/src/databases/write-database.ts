import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseKind } from './database-url.js';
import type { Dialect } from './dialects/dialect.js';
import { POSTGRES } from './dialects/postgres.dialect.js';
import { type DependentWrite, inOneStatement, type Write } from './dependent-write.js';
import { type Executed, execute } from './execute.js';
import { inOneTrip } from './one-trip.js';
import { preparedOn } from './prepare.js';

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

  /**
   * Runs `first` and, if that has written a row, the others, as a transaction in which nothing is waited for. The others
   * must not depend on their order.
   * @returns whether `first` has written a row; undefined, and nothing is done, when they need a transaction of several
   * statements
   * @throws QueryFailedError; then nothing is written
   * @internal
   */
  abstract together(first: Write, others: readonly DependentWrite[]): Promise<boolean | undefined>;

  /**
   * Runs statements one after the other, as a transaction in which nothing is waited for. Later ones see what earlier ones
   * have written.
   * @param statements called when the transaction begins, so that a text may have the time
   * @returns the result of each
   * @throws QueryFailedError of the first one that failed; then nothing is written
   * @internal
   */
  abstract inTurn(statements: () => readonly Write[]): Promise<Executed<unknown>[]>;

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

  async together(first: Write, others: readonly DependentWrite[]): Promise<boolean | undefined> {
    const statement = inOneStatement(first, others);
    if (!statement) return undefined;
    const { rows } = await preparedOn(this.dataSource).run(statement.sql, statement.parameters);
    return rows[0]![0] === 1;
  }

  async inTurn(statements: () => readonly Write[]): Promise<Executed<unknown>[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await inOneTrip(runner, statements);
    } finally {
      await runner.release();
    }
  }
}
