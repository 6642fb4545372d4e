import type { DataSource, QueryRunner } from 'typeorm';
import { plannedOnce } from './placeholders.js';
import type { PreparedResult, PreparedStatements } from './prepared-statements.js';

/** A prepared statement, as better-sqlite3 has it. */
export interface SqliteStatement {
  readonly reader: boolean;
  raw(): SqliteStatement;
  run(...parameters: readonly unknown[]): { readonly changes: number };
  get(...parameters: readonly unknown[]): unknown;
  all(...parameters: readonly unknown[]): unknown[];
}

interface Connection {
  prepare(sql: string): SqliteStatement;
}

/** How many statements stay prepared on one connection. A condition has as many forms as there are shapes of queries. */
const KEPT = 200;

/** The statements of a connection, by text: a key made for each look-up would be hashed each time. */
interface Prepared {
  readonly arrays: Map<string, SqliteStatement>;
  readonly objects: Map<string, SqliteStatement>;
}

const prepared = new WeakMap<Connection, Prepared>();

/** Prepared statements on the one connection of a SQLite DataSource. */
export class SqliteStatements implements PreparedStatements {
  private constructor(private readonly driver: { readonly databaseConnection?: Connection }) {}

  static on({ driver }: DataSource): SqliteStatements {
    return new SqliteStatements(driver as unknown as { databaseConnection?: Connection });
  }

  static together(dataSource: DataSource): SqliteStatements {
    return SqliteStatements.on(dataSource);
  }

  static within({ dataSource }: QueryRunner): SqliteStatements {
    return SqliteStatements.on(dataSource);
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    const statement = this.statement('arrays', sql, (made) => (made.reader ? made.raw() : made));
    if (!statement.reader) return { rows: [], affected: statement.run(...parameters).changes };
    const rows = statement.all(...parameters) as unknown[][];
    return { rows, affected: rows.length };
  }

  /**
   * A statement that answers within the same turn of the event loop, with rows as objects. Use it only inside a
   * transaction of the connection.
   */
  of(sql: string): SqliteStatement {
    return this.statement('objects', sql, (made) => made);
  }

  private statement(
    rows: keyof Prepared,
    sql: string,
    forRows: (made: SqliteStatement) => SqliteStatement,
  ): SqliteStatement {
    const connection = this.driver.databaseConnection;
    if (!connection) throw new Error('The database is closed.');
    let all = prepared.get(connection);
    if (!all) prepared.set(connection, (all = { arrays: new Map(), objects: new Map() }));
    const statements = all[rows];
    let statement = statements.get(sql);
    if (!statement) {
      statement = forRows(connection.prepare(plannedOnce(sql)));
      if (statements.size === KEPT) statements.delete(statements.keys().next().value!);
      statements.set(sql, statement);
    }
    return statement;
  }
}
