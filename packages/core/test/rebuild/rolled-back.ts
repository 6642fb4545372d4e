import type { EntityManager } from 'typeorm';
import type { WriteDatabase } from '../../src/databases/write-database.js';

/** Runs `work` in a transaction that is rolled back, including DDL. */
export async function rolledBack(write: WriteDatabase, work: (manager: EntityManager) => Promise<void>): Promise<void> {
  const enough = new Error('rolled back');
  try {
    await write.transaction(async (manager) => {
      await work(manager);
      throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
}

/**
 * Returns the error with which `work` rejects. Its changes are rolled back, as PostgreSQL requires after a failed
 * statement.
 */
export async function refusal(manager: EntityManager, work: () => Promise<unknown>): Promise<Error> {
  await manager.query('savepoint refusal');
  try {
    await work();
  } catch (error) {
    await manager.query('rollback to savepoint refusal');
    return error as Error;
  }
  throw new Error('It was not refused.');
}
