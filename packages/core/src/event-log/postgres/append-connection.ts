import type { DataSource, QueryRunner } from 'typeorm';
import { OutcomeUnknownError } from '../outcome-unknown.error.js';
import { isRefusal } from './failure-kind.js';

/**
 * When the server is this late to cancel a statement, it or the network is down, and the connection is closed. In ms.
 */
const SILENCE = 3_000;

interface RawClient {
  readonly connection?: { readonly stream?: { destroy(error: Error): void } };
  query(statement: NamedStatement): Promise<{ readonly rows: unknown[] }>;
}

/** The server parses and plans a statement with a name once for each connection. */
interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The one connection for appends, configured for them and reopened when it breaks. */
export class AppendConnection {
  private runner: QueryRunner | undefined;
  private readonly statements = new Map<string, string>();

  /** @param statementTimeout after this many ms the server cancels a statement */
  constructor(
    private readonly dataSource: DataSource,
    private readonly statementTimeout: number,
  ) {}

  /**
   * Calls a function that returns one row.
   * @param limit the server cancels the call after this many ms, if that is sooner than the statement timeout
   * @throws OutcomeUnknownError when the call was sent, and no reply says that it stored nothing
   */
  async call<Row>(name: string, parameters: readonly unknown[], limit?: number): Promise<Row> {
    let sql = this.statements.get(name);
    if (!sql) {
      sql = `select * from ${name}(${parameters.map((_, index) => `$${index + 1}`).join(', ')})`;
      this.statements.set(name, sql);
    }
    await this.open();
    if (limit !== undefined) await this.query(`set statement_timeout = ${limit}`, []);
    try {
      const { rows } = await this.withinLimit(async (runner) => {
        const client = (await runner.connect()) as RawClient;
        return client.query({ name: `${name}()`, text: sql, values: parameters });
      });
      return rows[0] as Row;
    } catch (error) {
      throw isRefusal(error) ? error : new OutcomeUnknownError(error);
    } finally {
      if (limit !== undefined && this.runner) await this.resetTimeout();
    }
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.withinLimit((runner) => runner.query(sql, [...parameters]) as Promise<Row[]>);
  }

  private async withinLimit<T>(send: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = await this.open();
    try {
      return await withinLimit(this.statementTimeout + SILENCE, runner, send(runner));
    } catch (error) {
      // A refused statement leaves the connection usable. After any other failure it is closed.
      if (!isRefusal(error)) await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const runner = this.runner;
    this.runner = undefined;
    if (runner && !runner.isReleased) await runner.release();
  }

  /**
   * The result of the call stands even if this fails: then the connection is closed, and the next one has the normal
   * timeout.
   */
  private async resetTimeout(): Promise<void> {
    try {
      await this.query(`set statement_timeout = ${this.statementTimeout}`, []);
    } catch {
      await this.close();
    }
  }

  private async open(): Promise<QueryRunner> {
    if (this.runner && !this.runner.isReleased) return this.runner;
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query(
        `set session characteristics as transaction isolation level read committed;
         set statement_timeout = ${this.statementTimeout}; set synchronous_commit = on; set jit = off`,
      );
    } catch (error) {
      await runner.release();
      throw error;
    }
    this.runner = runner;
    return runner;
  }
}

async function withinLimit<T>(limit: number, runner: QueryRunner, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`The connection gave no answer for ${limit} ms.`);
      reject(error);
      void runner.connect().then((client: RawClient) => client.connection?.stream?.destroy(error));
    }, limit);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
