import type { DataSource, QueryRunner } from 'typeorm';
import { numbered } from './placeholders.js';
import type { PreparedResult, PreparedStatements } from './prepared-statements.js';

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
  readonly rowMode: 'array';
}

/** A connection of pg, or its pool. */
interface Queryable {
  query(statement: Statement): Promise<{ readonly rows: unknown[][]; readonly rowCount: number | null }>;
}

/** How many texts get a name. Each connection keeps what it has prepared until it ends. */
const NAMED = 500;
/** The type of a column has changed since the statement was prepared. */
const CHANGED_RESULT = '0A000';

const names = new Map<string, string>();
let named = 0;

/** Prepared statements of PostgreSQL: named ones, so that the server parses and plans each text once. */
export class PostgresStatements implements PreparedStatements {
  private constructor(
    private readonly connection: () => Promise<Queryable>,
    private readonly isInTransaction: boolean,
  ) {}

  static on({ driver }: DataSource): PostgresStatements {
    return new PostgresStatements(async () => {
      const { master } = driver as unknown as { readonly master?: Queryable };
      if (!master) throw new Error('Driver not Connected');
      return master;
    }, false);
  }

  static within(runner: QueryRunner): PostgresStatements {
    return new PostgresStatements(() => runner.connect() as Promise<Queryable>, true);
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    try {
      return await this.send(sql, parameters);
    } catch (error) {
      if ((error as { code?: unknown }).code !== CHANGED_RESULT) throw error;
      // From here on it is prepared under another name. A transaction has failed by this, and is repeated as a whole.
      names.delete(sql);
      if (this.isInTransaction) throw error;
      return this.send(sql, parameters);
    }
  }

  private async send(sql: string, parameters: readonly unknown[]): Promise<PreparedResult> {
    const connection = await this.connection();
    const name = nameOf(sql);
    const { rows, rowCount } = await connection.query({
      ...(name === undefined ? {} : { name }),
      text: numbered(sql),
      values: [...parameters],
      rowMode: 'array',
    });
    return { rows, affected: rowCount ?? 0 };
  }
}

function nameOf(sql: string): string | undefined {
  let name = names.get(sql);
  if (name === undefined && names.size < NAMED) names.set(sql, (name = `leftfold_${++named}`));
  return name;
}
