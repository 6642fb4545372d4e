import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { SqliteCheckpoints } from './sqlite-checkpoints.js';

const VERSION = 'select sqlite_version() as version';
const LENGTH = 'pragma wal_checkpoint(noop)';
const BESIDE_THREAD = 'pragma wal_autocheckpoint = 4000';
const ALONE = 'pragma wal_autocheckpoint = 1000';

interface Connection {
  readonly version?: string;
  /** Pages of the write-ahead log. */
  readonly log?: number;
  /** What the driver has loaded. */
  readonly sqlite?: unknown;
  /** A statement that fails. */
  readonly broken?: string;
}

/** On a connection without a file: a thread that starts ends at once. */
function checkpointsOn({ version = '3.53.4', log = 0, sqlite = Sqlite, broken }: Connection) {
  const asked: string[] = [];
  const prepare = (sql: string) => ({
    get: () => {
      asked.push(sql);
      if (sql === broken) throw new Error('The connection is busy.');
      return { version, log, checkpointed: 0 };
    },
  });
  const dataSource = { driver: { databaseConnection: { prepare }, sqlite } } as unknown as DataSource;
  return { checkpoints: new SqliteCheckpoints('no/such/file.sqlite', dataSource), asked };
}

/** What two commits ask of the connection. */
async function askedOf(connection: Connection): Promise<string[]> {
  const { checkpoints, asked } = checkpointsOn(connection);
  checkpoints.committed();
  await delay(2);
  checkpoints.committed();
  await checkpoints.stop();
  return asked;
}

it.each(['3.50.4', '3.9.2', '2.99.0'])(
  'an older SQLite, which would make a checkpoint, is not asked: %s',
  async (version) => {
    expect(await askedOf({ version })).toEqual([VERSION]);
  },
);

it.each(['3.51.0', '3.100.0', '4.0.0'])('SQLite is asked how long its log is after a commit: %s', async (version) => {
  expect(await askedOf({ version })).toEqual([VERSION, LENGTH, LENGTH]);
});

it('commits go on making checkpoints where the application has another copy of SQLite than a thread would load', async () => {
  expect(await askedOf({ log: 2_000, sqlite: () => undefined })).toEqual([VERSION, LENGTH]);
});

describe('a warning', () => {
  let warnings: jest.SpyInstance<void, [message: unknown, ...others: unknown[]]>;
  const warned = (): unknown[] => warnings.mock.calls.map(([message]) => message);

  beforeEach(() => {
    warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });

  afterEach(() => {
    warnings.mockRestore();
  });

  it.each([
    ['', undefined, 1],
    [', also when the connection is busy at that moment', ALONE, 2],
  ])('says that the thread ended%s', async (_, broken, count) => {
    const { checkpoints, asked } = checkpointsOn({ log: 2_000, broken });

    checkpoints.committed();
    for (let tries = 0; warned().length < count && tries < 600; tries++) await delay(5);
    await checkpoints.stop();

    expect(warned()).toHaveLength(count);
    expect(asked).toEqual([VERSION, LENGTH, BESIDE_THREAD, ALONE]);
    expect(warned()[0]).toMatch(/the thread for checkpoints ended: .*Commits make them from now on\.$/);
  });

  it('says that the log could not be looked at, and the commit succeeds', async () => {
    const { checkpoints } = checkpointsOn({ broken: LENGTH });

    checkpoints.committed();
    await checkpoints.stop();

    expect(warned()).toEqual(['no/such/file.sqlite: no checkpoint at the moment: The connection is busy.']);
  });
});
