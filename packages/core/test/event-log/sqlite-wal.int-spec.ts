import { stat } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { DatabaseLimits } from '../../src/databases/database-limits.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../../src/databases/open-database.js';
import { WAL_LIMIT } from '../../src/databases/sqlite-wal.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

const MEBIBYTE = 1024 * 1024;

describe.each(['events', 'views'] as const)('the write-ahead log of %s on SQLite', (name) => {
  let database: TestDatabase;
  let opened: OpenDatabase;
  let path: string;

  const open = async (walCheck: number): Promise<void> => {
    const limits = Object.assign(new DatabaseLimits(), { walCheck });
    opened = await openDatabase(name, parseDatabaseUrl(`sqlite:${path}`), { entities: [], migrations: [] }, { limits });
  };
  const size = async (): Promise<number> => (await stat(`${path}-wal`)).size;
  const write = (mebibytes: number) =>
    opened.write.transaction((manager) =>
      manager.query('insert into notes values (randomblob(?))', [mebibytes * MEBIBYTE]),
    );
  /** Keeps reading one state until it is ended. */
  const aReader = (): Sqlite.Database => {
    const reader = new Sqlite(path, { readonly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from notes').get();
    return reader;
  };

  beforeEach(async () => {
    database = await createTestDatabase('sqlite');
    path = `${database.folder}/${name}.sqlite`;
  });

  afterEach(async () => {
    await opened.close();
    await database.drop();
  });

  it('grows during a read of an older state, and shrinks after it without any write', async () => {
    await open(50);
    await opened.write.transaction((manager) => manager.query('create table notes (body blob not null)'));
    const reader = aReader();
    for (let written = 0; written < 40; written += 8) await write(8);
    expect(await size()).toBeGreaterThan(WAL_LIMIT);

    reader.close();

    await eventually(async () => expect(await size()).toBe(0));
  });

  it('shrinks with later writes, even before the next check', async () => {
    await open(3_600_000);
    await opened.write.transaction((manager) => manager.query('create table notes (body blob not null)'));
    const reader = aReader();
    for (let written = 0; written < 40; written += 8) await write(8);

    reader.close();
    // After the first write the log can restart; the second write restarts it.
    await write(1);
    await write(1);

    expect(await size()).toBeLessThanOrEqual(WAL_LIMIT);
  });
});
