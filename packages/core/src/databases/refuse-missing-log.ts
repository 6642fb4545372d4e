import type { DataSource } from 'typeorm';
import { NoEventLogError } from './database-unusable.error.js';
import { type DatabaseTarget, describeTarget } from './database-url.js';
import { namespaceOf } from './namespace.js';
import { isThere } from './sqlite-namespace.js';

/**
 * Opens a read-only connection, which creates nothing, and checks that the log exists.
 * @throws NoEventLogError
 */
export async function refuseMissingLog(target: DatabaseTarget, read: DataSource): Promise<void> {
  // TypeORM creates a file's folder, even on read-only access.
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
