import type { DataSource, QueryRunner } from 'typeorm';
import { OutcomeUnknownError } from '../outcome-unknown.error.js';
import { isRefusal } from './failure-kind.js';

/**
 * When the server is this late to cancel a statement, it or the network is down, and the connection is closed. In ms.
 */
const SILENCE = 3_000;

interface RawClient {
  /** Whether a statement is sent before the one ahead of it is answered; the server executes them in order. */
  pipeline: boolean;
  readonly connection?: { readonly stream?: { destroy(error: Error): void } };
  query(statement: NamedStatement): Promise<{ readonly rows: unknown[] }>;
}

/** The server parses and plans a statement with a name once for each connection. */
interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * The one connection for appends, configured for them and reopened when it breaks. Calls are sent without waiting for
 * earlier ones, and executed in order, each in its own transaction.
 */
export class AppendConnection {
  private opened: Promise<QueryRunner> | undefined;
  /** Number of statements that have no answer yet. */
  private unanswered = 0;
  private readonly statements = new Map<string, Omit<NamedStatement, 'values'>>();

  /**
   * @param statementTimeout after this many ms the server cancels a statement
   * @param onOpen called before a new connection is used
   */
  constructor(
    private readonly dataSource: DataSource,
    private readonly statementTimeout: number,
    private readonly onOpen: () => void = () => undefined,
  ) {}

  /**
   * Calls a function that returns one row.
   * @param limit the server cancels the call after this many ms, if that is sooner than the statement timeout
   * @throws OutcomeUnknownError when the call was sent, and no reply says that it stored nothing
   */
  async call<Row>(name: string, parameters: readonly unknown[], limit?: number): Promise<Row> {
    const statement = this.statementOf(name, parameters.length);
    await this.open();
    if (limit !== undefined) await this.query(`set statement_timeout = ${limit}`, []);
    try {
      const { rows } = await this.withinLimit(async (runner) => {
        const client = (await runner.connect()) as RawClient;
        return client.query({ ...statement, values: parameters });
      });
      return rows[0] as Row;
    } catch (error) {
      throw isRefusal(error) ? error : new OutcomeUnknownError(error);
    } finally {
      if (limit !== undefined && this.opened) await this.resetTimeout();
    }
  }

  /** A function may have forms that differ in the number of their parameters. */
  private statementOf(name: string, parameters: number): Omit<NamedStatement, 'values'> {
    const key = `${name}(${parameters})`;
    let statement = this.statements.get(key);
    if (!statement) {
      const places = Array.from({ length: parameters }, (_, index) => `$${index + 1}`).join(', ');
      statement = { name: key, text: `select * from ${name}(${places})` };
      this.statements.set(key, statement);
    }
    return statement;
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.withinLimit((runner) => runner.query(sql, [...parameters]) as Promise<Row[]>);
  }

  private async withinLimit<T>(send: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const { opened, runner } = await this.open();
    // Those ahead of it may take as long.
    const limit = (this.statementTimeout + SILENCE) * ++this.unanswered;
    try {
      return await withinLimit(limit, runner, send(runner));
    } catch (error) {
      // A refused statement leaves the connection usable. After any other failure it is closed.
      if (!isRefusal(error)) await this.closeThis(opened);
      throw error;
    } finally {
      this.unanswered--;
    }
  }

  async close(): Promise<void> {
    if (this.opened) await this.closeThis(this.opened);
  }

  /** Closes this one, and not the one that has taken its place. */
  private async closeThis(opened: Promise<QueryRunner>): Promise<void> {
    if (this.opened === opened) this.opened = undefined;
    // One that could not be opened has nothing to close; the caller who opened it got the error.
    const runner = await opened.catch(() => undefined);
    if (!runner || runner.isReleased) return;
    // The pool may give it to somebody else.
    ((await runner.connect()) as RawClient).pipeline = false;
    await runner.release();
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

  private async open(): Promise<{ opened: Promise<QueryRunner>; runner: QueryRunner }> {
    for (;;) {
      const opened = (this.opened ??= this.connect());
      try {
        const runner = await opened;
        if (!runner.isReleased) return { opened, runner };
      } catch (error) {
        if (this.opened === opened) this.opened = undefined;
        throw error;
      }
      if (this.opened === opened) this.opened = undefined;
    }
  }

  private async connect(): Promise<QueryRunner> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query(
        `set session characteristics as transaction isolation level read committed;
         set statement_timeout = ${this.statementTimeout}; set synchronous_commit = on; set jit = off`,
      );
      ((await runner.connect()) as RawClient).pipeline = true;
      this.onOpen();
      return runner;
    } catch (error) {
      await runner.release();
      throw error;
    }
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
