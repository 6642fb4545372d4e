import { QueryFailedError } from 'typeorm';
import type { EntityClass } from '../databases/schema.js';
import type { Replica } from '../databases/replicas/replica.js';
import type { Replicas } from '../databases/replicas/replicas.js';
import { isDatabaseAway } from '../event-log/database-away.js';
import type { ReadModelSubscription } from './read-model-subscription.js';

/** What a query asks of the database that it reads. */
export interface Freshness {
  /** Entities that it reads; undefined for any. */
  readonly sources: readonly EntityClass[] | undefined;
  /** Position that the read models must include; undefined for any. */
  readonly position: number | undefined;
  /** Waits until the primary has it. */
  readonly wait: () => Promise<void>;
}

/** A query in a query asks for a position that the replica does not have. The outer one is run on the primary. */
class ReplicaBehindError extends Error {}

/** Runs each query on one database: the replicas in turn, or the primary. */
export class ReplicaReads {
  constructor(
    private readonly replicas: Replicas | undefined,
    private readonly declared: () => readonly ReadModelSubscription[],
  ) {}

  /**
   * Runs a query on a replica that has the position, else on the primary. A query that fails on a replica for a reason of
   * the database is run again on the primary: a replica may be stopped, cancel a query for the sake of its replay, or lack
   * the tables of the newest version.
   * @throws errors of the query, and those of `wait`
   */
  async run<T>(freshness: Freshness, query: () => Promise<T>): Promise<T> {
    const { replicas } = this;
    if (!replicas) return freshness.wait().then(query);
    const { here } = replicas;
    if (here?.replica) {
      if (!(await this.has(here.replica, freshness))) throw new ReplicaBehindError();
      return query();
    }
    const replica = here ? undefined : await this.find(replicas, freshness);
    if (replica) {
      try {
        return await replicas.readFrom(replica, query);
      } catch (error) {
        if (!isOfDatabase(error)) throw error;
        if (isDatabaseAway(error)) replica.suspect();
      }
    }
    await freshness.wait();
    return replicas.readFrom(undefined, query);
  }

  /** Runs what must not read old data, such as a query for a decision. */
  onPrimary<T>(work: () => Promise<T>): Promise<T> {
    return this.replicas ? this.replicas.readFrom(undefined, work) : work();
  }

  private async find(replicas: Replicas, freshness: Freshness): Promise<Replica | undefined> {
    for (const replica of replicas.inTurn()) {
      try {
        if (await this.has(replica, freshness)) return replica;
      } catch {
        // The reason is in the log as soon as the check finds it, too.
        replica.suspect();
      }
    }
    return undefined;
  }

  private async has(replica: Replica, { sources, position }: Freshness): Promise<boolean> {
    if (position === undefined) return true;
    const wanted = this.declared().filter(
      ({ entities }) => !sources || entities.some((entity) => sources.includes(entity)),
    );
    const positions = await replica.currentPositions();
    return wanted.every(({ name }) => (positions.get(name) ?? -1) >= position);
  }
}

function isOfDatabase(error: unknown): boolean {
  return error instanceof QueryFailedError || error instanceof ReplicaBehindError || isDatabaseAway(error);
}
