import type { DataSource } from 'typeorm';
import { NoEventLogError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
import { namespaceOf } from './namespace.js';
import { isThere } from './sqlite-namespace.js';

/**
 * Opens the read-only side alone, which makes nothing, and looks for the log.
 * @throws NoEventLogError
 */
export async function refuseMissingLog(target: DatabaseTarget, read: DataSource): Promise<void> {
  // TypeORM makes the folder of a file, even when it only wants to read it.
  if (target.kind === 'sqlite' && !(await isThere(target.path))) throw new NoEventLogError(describeTarget(target));
  await read.initialize();
  const runner = read.createQueryRunner();
  try {
    if (!(await runner.hasTable(namespaceOf(read).nameOf('leftfold_event_log'))))
      throw new NoEventLogError(describeTarget(target));
  } finally {
    await runner.release();
  }
}
