import { join } from 'node:path';
import { BreakingStatements } from '../../packages/core/src/databases/breaking-statements.js';
import { DATABASES, releasedMigrations, sentSql } from '../../tools/migrations/sent-sql.mjs';

/** Older than the list of nodes. Their upgrade needs a stop. */
const RELEASED = {
  CountAttempts1750001100000: 'drops the table sign_in_attempts',
  KeepSnapshots1750001410000: 'renames snapshots',
  NamePasswords1750001000000: 'renames credentials',
};

it('no migration breaks the version before it, but those that were released with a stop', async () => {
  const found: Record<string, string> = {};
  for (const { name, migration } of await releasedMigrations(join(import.meta.dirname, '..', '..'))) {
    if (migration.keepsVersionBefore === true) continue;
    for (const type of DATABASES) {
      const breaking = new BreakingStatements();
      for (const sql of await sentSql(migration, 'up', type)) {
        const what = breaking.find(sql);
        if (what !== undefined) found[name] ??= what;
      }
    }
  }
  expect(found).toEqual(RELEASED);
});
