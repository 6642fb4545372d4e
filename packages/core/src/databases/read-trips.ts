import { AsyncLocalStorage } from 'node:async_hooks';

/** A statement as pg takes it. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
  readonly rowMode: 'array';
}

export interface StatementResult {
  readonly rows: unknown[][];
  readonly rowCount: number | null;
}

interface Connection {
  /** Whether a statement is sent before the one ahead of it is answered; the server executes them in order. */
  pipeline: boolean;
  readonly connection: { readonly stream: { cork(): void; uncork(): void } };
  query(statement: Statement): Promise<StatementResult>;
  /** @param failed the pool closes the connection */
  release(failed: boolean): void;
}

/** The pool of pg. */
export interface ReadPool {
  connect(): Promise<Connection>;
  query(statement: Statement): Promise<StatementResult>;
}

interface Waiting {
  /** Sends in the asynchronous context of the caller, so that tracing knows whose statement it is. */
  readonly send: (connection: Pick<Connection, 'query'>) => Promise<StatementResult>;
  readonly settle: (result: Promise<StatementResult>) => void;
  readonly fail: (error: unknown) => void;
}

/** How many statements share a connection. Those behind are executed after those ahead. */
const MOST = 16;

/**
 * Sends what is read within one turn of the event loop together: up to 16 statements share a connection of the pool and one
 * write to its socket. Each fails or succeeds alone. For short reads only: those behind a long one wait for it, and a
 * statement that waits for a lock might wait for one behind it.
 */
export class ReadTrips {
  private waiting: Waiting[] = [];

  constructor(private readonly pool: ReadPool) {}

  query(statement: Statement): Promise<StatementResult> {
    const inContext = AsyncLocalStorage.snapshot();
    return new Promise((settle, fail) => {
      this.waiting.push({ send: async (connection) => inContext(() => connection.query(statement)), settle, fail });
      if (this.waiting.length === 1) setImmediate(() => this.depart());
    });
  }

  private depart(): void {
    const { waiting } = this;
    this.waiting = [];
    for (let from = 0; from < waiting.length; from += MOST) void this.travel(waiting.slice(from, from + MOST));
  }

  private async travel(party: readonly Waiting[]): Promise<void> {
    const [first, ...others] = party;
    if (others.length === 0) return first!.settle(first!.send(this.pool));
    let connection: Connection;
    try {
      connection = await this.pool.connect();
    } catch (error) {
      for (const { fail } of party) fail(error);
      return;
    }
    const { stream } = connection.connection;
    connection.pipeline = true;
    stream.cork();
    const answers = party.map(({ send }) => send(connection));
    stream.uncork();
    for (const [index, { settle }] of party.entries()) settle(answers[index]!);
    const failed = (await Promise.allSettled(answers)).some(({ status }) => status === 'rejected');
    connection.pipeline = false;
    connection.release(failed);
  }
}
