import { Socket } from 'node:net';
import type pg from 'pg';
import { CHECKPOINTS, POSITION, type Positions, positionsIn } from './checkpoints.js';
import type { Connection, ReplicaServer, SeenReplica } from './replica-server.js';

/** One row, even if there is no read model yet. */
const LOOK = `select pg_is_in_recovery() as is_standby, s.name, ${POSITION}, s.log_id
                from (select 1) as one left join leftfold_read_models s on true`;

interface LookedAt {
  readonly is_standby: boolean;
  /** Null, with the rest, if there is no read model yet. */
  readonly name: string | null;
  readonly position: string;
  readonly log_id: string;
}

/** Connections to a streaming replica of PostgreSQL. */
export class PostgresReplica implements ReplicaServer {
  private readonly pool: pg.Pool;
  private readonly sockets = new Set<Socket>();
  private looking: pg.Client | undefined;

  /** @param poolWith makes the pool, with these settings in addition to `config` */
  constructor(
    private readonly Client: typeof pg.Client,
    poolWith: (more: Pick<pg.ClientConfig, 'stream'>) => pg.Pool,
    private readonly config: pg.ClientConfig,
  ) {
    this.pool = poolWith({ stream: () => this.socket() });
    // The pool itself replaces a connection that broke while it was idle.
    this.pool.on('error', () => undefined);
  }

  async connect(): Promise<Connection> {
    const client = await this.pool.connect();
    return [client, (error) => client.release(error instanceof Error ? error : Boolean(error))];
  }

  async positions(): Promise<Positions> {
    const { rows } = await this.pool.query<{ name: string; position: string }>(CHECKPOINTS);
    return positionsIn(rows);
  }

  async look(): Promise<SeenReplica> {
    try {
      const client = (this.looking ??= await this.newClient());
      const { rows } = await client.query<LookedAt>(LOOK);
      const models = rows.filter(({ name }) => name !== null);
      return {
        isStandby: rows[0]!.is_standby,
        positions: new Map(models.map(({ name, position }) => [name!, Number(position)])),
        logIds: new Set(models.map(({ log_id: logId }) => logId)),
      };
    } catch (error) {
      // The connection is broken, and the caller gets the error of the look.
      void this.looking?.end().catch(() => undefined);
      this.looking = undefined;
      throw error;
    }
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.looking = undefined;
  }

  async close(): Promise<void> {
    // A server that gives no answer would not let go of them.
    this.cut();
    await this.pool.end();
  }

  private async newClient(): Promise<pg.Client> {
    const client = new this.Client({ ...this.config, stream: () => this.socket() });
    await client.connect();
    return client;
  }

  /** Kept, because the driver can't end a connection on which no answer comes. */
  private socket(): Socket {
    const socket = new Socket();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }
}
