import type { EntityManager } from 'typeorm';
import type { WriteDatabase } from './write-database.js';

/**
 * A transaction that begins on first use and ends on `commit` or `rollback`. On SQLite it blocks all other writers
 * while it is open, so it is opened as late as possible.
 */
export class LazyTransaction {
  private begun: Promise<EntityManager> | undefined;
  private done: Promise<void> = Promise.resolve();
  private settle: { commit(): void; rollback(reason: unknown): void } | undefined;

  constructor(private readonly database: WriteDatabase) {}

  get isOpen(): boolean {
    return this.begun !== undefined;
  }

  /** The transaction's entity manager. The first call begins the transaction. */
  manager(): Promise<EntityManager> {
    return (this.begun ??= new Promise<EntityManager>((resolve, reject) => {
      const outcome = new Promise<void>((commit, rollback) => {
        this.settle = { commit, rollback };
      });
      // When the transaction could not begin, no caller awaits this promise.
      outcome.catch(() => undefined);
      this.done = this.database.transaction(async (manager) => {
        resolve(manager);
        await outcome;
      });
      // Reports a failure to begin. Later failures are reported by commit().
      this.done.catch(reject);
    }));
  }

  /** Settles after the commit. Does nothing when the transaction never began. */
  async commit(): Promise<void> {
    this.settle?.commit();
    await this.done;
  }

  /** Settles after the rollback, and does not reject with `reason`. */
  async rollback(reason: unknown): Promise<void> {
    this.settle?.rollback(reason);
    try {
      await this.done;
    } catch (error) {
      if (error !== reason) throw error;
    }
  }
}
