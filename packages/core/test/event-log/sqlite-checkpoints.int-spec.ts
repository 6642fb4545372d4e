import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import Sqlite from 'better-sqlite3';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../../src/databases/open-database.js';
import { SqliteCheckpoints } from '../../src/databases/sqlite-checkpoints.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

interface Log {
  readonly log: number;
  readonly checkpointed: number;
}

/** Pages of a commit, about: SQLite's own limit is 1,000. */
const MUCH = 1_200;
const PAGE = 4_096;

describe('checkpoints on SQLite', () => {
  let database: TestDatabase;
  let opened: OpenDatabase;
  let path: string;
  let outside: Sqlite.Database;

  const write = (pages: number) =>
    opened.write.statement('insert into notes values (randomblob(?))', [pages * PAGE - 100]);
  const ownCheckpoint = async (): Promise<unknown> => {
    const { rows } = await opened.write.statement<{ wal_autocheckpoint: number }>('pragma wal_autocheckpoint', []);
    return rows[0]!.wal_autocheckpoint;
  };
  /** What another connection sees of the write-ahead log. */
  const log = (): Log => (outside.pragma('wal_checkpoint(noop)') as Log[])[0]!;

  beforeEach(async () => {
    database = await createTestDatabase('sqlite');
    path = `${database.folder}/events.sqlite`;
    opened = await openDatabase('events', parseDatabaseUrl(database.url), { entities: [], migrations: [] });
    await opened.write.statement('create table notes (body blob not null)', []);
    outside = new Sqlite(path);
  });

  afterEach(async () => {
    outside.close();
    await opened.close();
    await database.drop();
  });

  it('are made by commits of a process that writes little', async () => {
    await write(10);

    expect(await ownCheckpoint()).toBe(1_000);
  });

  it('are made by a thread beside the commits of a process that writes much', async () => {
    await write(MUCH);
    await delay(2);
    expect(await ownCheckpoint()).toBe(4_000);

    const rest = await eventually(async () => {
      // The first of these begins the log anew; from its second on, only the thread makes a checkpoint.
      if (log().log < 2.5 * MUCH) await write(MUCH);
      const found = log();
      expect(found.log).toBeLessThan(4_000);
      expect(found.checkpointed).toBeGreaterThan(1_000);
      return found;
    });

    expect(rest.checkpointed).toBeLessThanOrEqual(rest.log);
    expect(outside.prepare('select count(*) from notes').pluck().get()).toBeGreaterThan(1);
  });

  it('leave no connection behind when the database is closed', async () => {
    await write(MUCH);
    await delay(2);
    expect(await ownCheckpoint()).toBe(4_000);
    outside.close();

    await opened.close();

    // The last connection that closes removes it.
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('are made by commits again when the thread ends', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const checkpoints = new SqliteCheckpoints(`${database.folder}/gone.sqlite`, opened.write.dataSource);
    try {
      await write(MUCH);
      await delay(2);
      checkpoints.committed();
      expect(await ownCheckpoint()).toBe(4_000);

      await eventually(async () => expect(await ownCheckpoint()).toBe(1_000));

      expect(warnings).toHaveBeenCalledWith(expect.stringContaining('Commits make them from now on.'));
    } finally {
      await checkpoints.stop();
      warnings.mockRestore();
    }
  });
});
