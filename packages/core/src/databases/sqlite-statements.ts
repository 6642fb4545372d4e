import type { DataSource, QueryRunner } from 'typeorm';
import type { PreparedResult, PreparedStatements } from './prepared-statements.js';

/** As better-sqlite3 has it. */
interface Statement {
  readonly reader: boolean;
  raw(): Statement;
  all(...parameters: unknown[]): unknown[][];
  run(...parameters: unknown[]): { readonly changes: number };
}

interface Connection {
  prepare(sql: string): Statement;
}

/** How many statements stay prepared on one connection. */
const KEPT = 200;

const prepared = new WeakMap<Connection, Map<string, Statement>>();

/** Prepared statements on the one connection of a SQLite DataSource. */
export class SqliteStatements implements PreparedStatements {
  private constructor(private readonly driver: { readonly databaseConnection?: Connection }) {}

  static on({ driver }: DataSource): SqliteStatements {
    return new SqliteStatements(driver as unknown as { databaseConnection?: Connection });
  }

  static within({ dataSource }: QueryRunner): SqliteStatements {
    return SqliteStatements.on(dataSource);
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    const statement = this.statement(sql);
    if (!statement.reader) return { rows: [], affected: statement.run(...parameters).changes };
    const rows = statement.all(...parameters);
    return { rows, affected: rows.length };
  }

  private statement(sql: string): Statement {
    const connection = this.driver.databaseConnection;
    if (!connection) throw new Error('The database is closed.');
    let statements = prepared.get(connection);
    if (!statements) prepared.set(connection, (statements = new Map<string, Statement>()));
    let statement = statements.get(sql);
    if (!statement) {
      statement = connection.prepare(sql);
      if (statement.reader) statement.raw();
      if (statements.size === KEPT) statements.delete(statements.keys().next().value!);
      statements.set(sql, statement);
    }
    return statement;
  }
}
