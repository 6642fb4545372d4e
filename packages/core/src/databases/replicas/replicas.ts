import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import type { Replica, ReplicaStatus } from './replica.js';
import type { Connection } from './replica-server.js';

/** Where the reads of a running query go; undefined for the primary. */
interface Place {
  readonly replica: Replica | undefined;
}

/** What TypeORM asks for each connection. */
interface Connecting {
  obtainMasterConnection(): Promise<Connection>;
}

const serving = new WeakMap<object, Replicas>();

/** Whether the running query reads from a replica of this DataSource's database. */
export function isReadFromReplica({ driver }: DataSource): boolean {
  return serving.get(driver)?.here?.replica !== undefined;
}

/**
 * The replicas of a database, and the place where each running query reads. Reads outside of a query go to the primary.
 */
export class Replicas {
  private readonly places = new AsyncLocalStorage<Place>();
  private next = 0;

  constructor(private readonly replicas: readonly Replica[]) {}

  /**
   * Makes the reads of a DataSource follow the running query. All of its statements go there, so that one query reads one
   * database.
   */
  serve({ driver }: DataSource): void {
    serving.set(driver, this);
    const connecting = driver as unknown as Connecting;
    const primary = connecting.obtainMasterConnection.bind(driver);
    connecting.obtainMasterConnection = () => this.here?.replica?.connect() ?? primary();
  }

  /** @param logId the log that their read models must be built from */
  start(logId: string): void {
    for (const each of this.replicas) each.start(logId);
  }

  get statuses(): readonly ReplicaStatus[] {
    return this.replicas;
  }

  /** Where the running query reads; undefined outside of a query. */
  get here(): Place | undefined {
    return this.places.getStore();
  }

  /** The replicas that are up, the next one in turn first. */
  inTurn(): readonly Replica[] {
    const up = this.replicas.filter(({ isUp }) => isUp);
    const first = up.length === 0 ? 0 : this.next++ % up.length;
    return [...up.slice(first), ...up.slice(0, first)];
  }

  /** @param replica undefined for the primary */
  readFrom<T>(replica: Replica | undefined, work: () => Promise<T>): Promise<T> {
    return this.places.run({ replica }, work);
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((each) => each.close()));
  }
}
