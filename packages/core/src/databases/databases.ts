import type { EntityManager } from 'typeorm';
import type { OpenDatabase } from './open-database.js';

/** The two databases of the kernel, as features and health checks may use them. */
export class Databases {
  /** @internal */
  constructor(
    /** The log, and what belongs to it: the tables beside it, the sagas' outbox, what side effects and sagas have done. */
    readonly events: OpenDatabase,
    /** The read models, and how far they are. */
    readonly views: OpenDatabase,
  ) {}

  /** Rejects when the database does not answer a read. */
  async ping(name: 'events' | 'views'): Promise<void> {
    await this[name].read.query('select 1');
  }

  /** Writes to tables that a feature keeps beside the log, in a transaction of their own. Never to the log itself. */
  besideTheLog<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.events.write.transaction(work);
  }

  /** @internal */
  async close(): Promise<void> {
    await this.events.close();
    await this.views.close();
  }
}
