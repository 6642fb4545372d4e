import type { EntityManager } from 'typeorm';
import type { WriteDatabase } from '../../src/databases/write-database.js';

/** Runs `work` in a transaction that leaves nothing behind, DDL neither. */
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

/** The error with which `work` rejects; what it did is taken back, as after a statement that failed in PostgreSQL it has to be. */
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
