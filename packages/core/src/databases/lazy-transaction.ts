import type { EntityManager } from 'typeorm';
import type { WriteDatabase } from './write-database.js';

/**
 * A transaction that begins when it is first needed, and ends when it is told to. No other process can write to a SQLite
 * file while it is open, so it is opened late.
 */
export class LazyTransaction {
  private begun: Promise<EntityManager> | undefined;
  private done: Promise<void> = Promise.resolve();
  private settle: { commit(): void; rollback(reason: unknown): void } | undefined;

  constructor(private readonly database: WriteDatabase) {}

  get isOpen(): boolean {
    return this.begun !== undefined;
  }

  /** Its manager; begins it the first time. */
  manager(): Promise<EntityManager> {
    return (this.begun ??= new Promise<EntityManager>((resolve, reject) => {
      const outcome = new Promise<void>((commit, rollback) => {
        this.settle = { commit, rollback };
      });
      // Nobody waits for it where the transaction could not begin.
      outcome.catch(() => undefined);
      this.done = this.database.transaction(async (manager) => {
        resolve(manager);
        await outcome;
      });
      // Where it could not even begin; what happens later is told by commit().
      this.done.catch(reject);
    }));
  }

  /** Settles after the commit. Nothing happens when it was never begun. */
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
