import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { SqliteCheckpoints } from './sqlite-checkpoints.js';

/** What is asked of a SQLite of this version. */
async function askedOf(version: string): Promise<string[]> {
  const asked: string[] = [];
  const answers = { version, log: 0, checkpointed: 0 };
  const prepare = (sql: string) => ({ get: () => (asked.push(sql), answers) });
  const checkpoints = new SqliteCheckpoints('a.sqlite', {
    driver: { databaseConnection: { prepare } },
  } as unknown as DataSource);
  checkpoints.committed();
  await delay(2);
  checkpoints.committed();
  await checkpoints.stop();
  return asked;
}

const VERSION = 'select sqlite_version() as version';
const LENGTH = 'pragma wal_checkpoint(noop)';

it.each(['3.50.4', '3.9.2', '2.99.0'])(
  'an older SQLite, which would make a checkpoint, is not asked: %s',
  async (version) => {
    expect(await askedOf(version)).toEqual([VERSION]);
  },
);

it.each(['3.51.0', '3.100.0', '4.0.0'])('SQLite is asked how long its log is after a commit: %s', async (version) => {
  expect(await askedOf(version)).toEqual([VERSION, LENGTH, LENGTH]);
});
