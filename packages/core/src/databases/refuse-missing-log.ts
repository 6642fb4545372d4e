import type { DataSource } from 'typeorm';
import { NoEventLogError } from './database-unusable.error.js';
import type { Engine } from './engines/engine.js';
import { hasTable } from './has-table.js';

/**
 * Opens a read-only connection, which creates nothing, and checks that the log exists.
 * @param where describes the database without a password
 * @throws NoEventLogError
 */
export async function refuseMissingLog(engine: Engine, where: string, read: DataSource): Promise<void> {
  if (!(await engine.mayExist())) throw new NoEventLogError(where);
  await read.initialize();
  const runner = read.createQueryRunner();
  try {
    if (!(await hasTable(runner, 'leftfold_event_log'))) throw new NoEventLogError(where);
  } finally {
    await runner.release();
  }
}
