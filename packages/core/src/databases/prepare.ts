import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm';
import type { DatabaseKind } from './database-url.js';
import { dialectOf } from './dialects/dialect-of.js';
import { PostgresStatements } from './postgres-statements.js';
import type { PreparedResult, PreparedStatements } from './prepared-statements.js';
import { SqliteStatements } from './sqlite-statements.js';

interface Driver {
  /** Runs each statement on any free connection. */
  on(dataSource: DataSource): PreparedStatements;
  /** Sends the statements of one turn of the event loop together. */
  together(dataSource: DataSource): PreparedStatements;
  /** Runs all statements on the runner's connection, and so in its transaction, if it has one. */
  within(runner: QueryRunner): PreparedStatements;
}

const DRIVERS: Readonly<Record<DatabaseKind, Driver>> = { sqlite: SqliteStatements, postgres: PostgresStatements };

/** Prepared statements, each on any free connection of the DataSource. */
export function preparedOn(dataSource: DataSource): PreparedStatements {
  return new Reporting(DRIVERS[dialectOf(dataSource).kind].on(dataSource), dataSource);
}

/**
 * Prepared statements, each on any free connection of the DataSource, and together with the others of its turn of the event
 * loop: for reads of a few rows, which wait for no lock.
 */
export function briefReadsOn(dataSource: DataSource): PreparedStatements {
  return new Reporting(DRIVERS[dialectOf(dataSource).kind].together(dataSource), dataSource);
}

/** Prepared statements on the connection of a query runner, and so in its transaction, if it has one. */
export function preparedWithin(runner: QueryRunner): PreparedStatements {
  return new Reporting(DRIVERS[dialectOf(runner).kind].within(runner), runner.dataSource);
}

/** Reports statements and errors as TypeORM does, so that loggers and callers know one kind. */
class Reporting implements PreparedStatements {
  constructor(
    private readonly statements: PreparedStatements,
    private readonly dataSource: DataSource,
  ) {}

  async run(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    this.dataSource.logger.logQuery(sql, [...parameters]);
    try {
      return await this.statements.run(sql, parameters);
    } catch (error) {
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }
}
