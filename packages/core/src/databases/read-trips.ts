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

interface Queryable {
  query(statement: Statement): Promise<StatementResult>;
}

interface Connection extends Queryable {
  /** Whether a statement is sent before the one ahead of it is answered; the server executes them in order. */
  pipeline: boolean;
  readonly connection: { readonly stream: { cork(): void; uncork(): void } };
  /** @param failed the pool closes the connection */
  release(failed: boolean): void;
}

/** The pool of pg. */
export interface ReadPool extends Queryable {
  connect(): Promise<Connection>;
}

/** How many statements share a connection. Those behind are executed after those ahead. */
const MOST = 16;

/**
 * Sends what is read within one turn of the event loop together: up to 16 statements share a connection of the pool and one
 * write to its socket. Each fails or succeeds alone. For short reads only: those behind a long one wait for it, and a
 * statement that waits for a lock might wait for one behind it.
 */
export class ReadTrips {
  private boarding: Trip | undefined;

  constructor(private readonly pool: ReadPool) {}

  async query(statement: Statement): Promise<StatementResult> {
    const trip = this.board();
    // Each caller goes on in its own asynchronous context, so tracing knows whose statement it is.
    const connection = await trip.connection;
    try {
      return await connection.query(statement);
    } catch (error) {
      trip.hasFailed = true;
      throw error;
    } finally {
      trip.leave();
    }
  }

  private board(): Trip {
    let trip = this.boarding;
    if (!trip || trip.passengers === MOST) this.boarding = trip = this.nextTrip();
    trip.passengers++;
    return trip;
  }

  private nextTrip(): Trip {
    const trip: Trip = new Trip(this.pool, () => {
      if (this.boarding === trip) this.boarding = undefined;
    });
    return trip;
  }
}

/** The statements that share a connection. */
class Trip {
  /** Callers whose statement is not answered yet. */
  passengers = 0;
  hasFailed = false;
  /** Settles at the end of the turn. */
  readonly connection: Promise<Queryable>;
  private taken: Connection | undefined;

  constructor(
    private readonly pool: ReadPool,
    onDeparture: () => void,
  ) {
    this.connection = new Promise((settle) => {
      setImmediate(() => {
        onDeparture();
        settle(this.passengers === 1 ? this.pool : this.take());
      });
    });
  }

  leave(): void {
    this.passengers--;
    if (this.passengers > 0 || !this.taken) return;
    this.taken.pipeline = false;
    this.taken.release(this.hasFailed);
  }

  private async take(): Promise<Connection> {
    const taken = await this.pool.connect();
    const { stream } = taken.connection;
    taken.pipeline = true;
    stream.cork();
    this.taken = taken;
    // After all callers have sent their statements: they go on in the same round of promises.
    process.nextTick(() => stream.uncork());
    return taken;
  }
}
