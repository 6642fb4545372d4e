import type { DataSource, QueryRunner } from 'typeorm';
import { numbered } from './placeholders.js';
import type { PreparedResult, PreparedStatements } from './prepared-statements.js';
import { type ReadPool, ReadTrips, type Statement, type StatementResult } from './read-trips.js';

/** A connection of pg, its pool, or trips of it. */
interface Queryable {
  query(statement: Statement): Promise<StatementResult>;
}

/** How many texts get a name. Each connection keeps what it has prepared until it ends. */
const NAMED = 500;
/** The type of a column has changed since the statement was prepared. */
const CHANGED_RESULT = '0A000';

/** A statement as the driver takes it. */
interface Prepared {
  readonly name?: string;
  readonly text: string;
}

const prepared = new Map<string, Prepared>();
const trips = new WeakMap<ReadPool, ReadTrips>();
let named = 0;

/** Prepared statements of PostgreSQL: named ones, so that the server parses and plans each text once. */
export class PostgresStatements implements PreparedStatements {
  private constructor(
    private readonly connection: () => Promise<Queryable>,
    private readonly isInTransaction: () => boolean,
  ) {}

  static on(dataSource: DataSource): PostgresStatements {
    return new PostgresStatements(
      async () => poolOf(dataSource),
      () => false,
    );
  }

  static together(dataSource: DataSource): PostgresStatements {
    return new PostgresStatements(
      async () => tripsOf(poolOf(dataSource)),
      () => false,
    );
  }

  static within(runner: QueryRunner): PostgresStatements {
    return new PostgresStatements(
      () => runner.connect() as Promise<Queryable>,
      () => runner.isTransactionActive,
    );
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    try {
      return await this.send(sql, parameters);
    } catch (error) {
      if ((error as { code?: unknown }).code !== CHANGED_RESULT) throw error;
      // From here on it is prepared under another name. A transaction has failed by this, and is repeated as a whole.
      prepared.delete(sql);
      if (this.isInTransaction()) throw error;
      return this.send(sql, parameters);
    }
  }

  private async send(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    const connection = await this.connection();
    const { rows, rowCount } = await connection.query({
      ...preparedOf(sql),
      values: parameters as unknown[],
      rowMode: 'array',
    });
    return { rows, affected: rowCount ?? 0 };
  }
}

function poolOf({ driver }: DataSource): ReadPool {
  const { master } = driver as unknown as { readonly master?: ReadPool };
  if (!master) throw new Error('Driver not Connected');
  return master;
}

function tripsOf(pool: ReadPool): ReadTrips {
  let known = trips.get(pool);
  if (!known) trips.set(pool, (known = new ReadTrips(pool)));
  return known;
}

function preparedOf(sql: string): Prepared {
  const known = prepared.get(sql);
  if (known) return known;
  const text = numbered(sql);
  if (prepared.size >= NAMED) return { text };
  const made = { name: `leftfold_${++named}`, text };
  prepared.set(sql, made);
  return made;
}
