import type { EntityManager } from 'typeorm';
import type { OpenDatabase } from './open-database.js';
import type { ReplicaStatus } from './replicas/replica.js';

/** The two databases of the kernel, for use by features and health checks. */
export class Databases {
  /** @internal */
  constructor(
    /**
     * The event log and what is stored next to it: feature tables, the sagas' outbox, checkpoints of side effects and
     * sagas.
     */
    readonly events: OpenDatabase,
    /** The read models and their checkpoints. */
    readonly views: OpenDatabase,
  ) {}

  /** Rejects when the database does not answer a read. */
  async ping(name: 'events' | 'views'): Promise<void> {
    await this[name].read.query('select 1');
  }

  /** Writes to a feature's tables next to the log, in a transaction of its own. Never write to the log itself. */
  besideTheLog<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.events.write.transaction(work);
  }

  /**
   * Settles when another server of PostgreSQL has taken over one of the databases. The new server may lack events that
   * this process has seen, so the process refuses it: end the process, and let a supervisor start it again.
   */
  get failedOver(): Promise<Error> {
    return Promise.race([this.events.failedOver, this.views.failedOver]);
  }

  /** The replicas that answer queries, in the configured order. Each process checks them for itself. */
  get replicas(): readonly ReplicaStatus[] {
    return this.views.replicas?.statuses ?? [];
  }

  /** @internal */
  async close(): Promise<void> {
    await this.events.close();
    await this.views.close();
  }
}
