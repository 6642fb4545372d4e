import type { DataSource } from 'typeorm';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { DatabaseUnusableError } from '../../src/databases/database-unusable.error.js';
import { openDatabase } from '../../src/databases/open-database.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { openEventLog } from '../../src/event-log/open-event-log.js';
import { times } from '../../src/conformance/samples.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { pretendNewerMigration } from '../support/newer-migration.js';
import { runSql } from '../support/stored-rows.js';
import { openLog } from './open-log.js';

describe.each(DATABASE_KINDS)('opening the log on %s', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    await killLeftovers();
    await database.drop();
  });

  it('migrates a new database once, though three handles open it together', async () => {
    const opened = await Promise.all(times(3, () => openLog(database.url)));

    const ids = await Promise.all(opened.map(({ log }) => log.id()));
    const migrations = await opened[0]!.database.read.query<unknown[]>('select name from leftfold_migrations_events');

    await Promise.all(opened.map((each) => each.close()));
    expect(new Set(ids).size).toBe(1);
    expect(migrations).toEqual(LOG_SCHEMA.migrations.map(({ name }) => ({ name })));
  });

  it('agrees on one identity, though three handles look for it in the same tick', async () => {
    const target = parseDatabaseUrl(database.url);
    const databases = await Promise.all(times(3, () => openDatabase('events', target, LOG_SCHEMA)));

    const logs = await Promise.all(databases.map((each) => openEventLog(each)));

    expect(new Set(await Promise.all(logs.map((log) => log.id()))).size).toBe(1);
    for (const log of logs) await log.close();
    for (const each of databases) await each.close();
  });

  it('migrates a new database once, though three processes open it together', async () => {
    const script = await kernelProgram('writer');

    const processes = await Promise.all(
      [1, 2, 3].map((seed) => AppProcess.run({ script, args: [database.url, String(seed), '5'] })),
    );

    expect(processes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(times(3, () => ({ code: 0, stderr: '' })));
    const node = await openLog(database.url);
    const ids = await node.database.read.query<unknown[]>('select log_id from leftfold_event_log');
    expect(ids).toEqual([{ log_id: await node.log.id() }]);
    await node.close();
  });

  it('keeps identity and events when it is opened again', async () => {
    const first = await openLog(database.url);
    const id = await first.log.id();
    const { position } = await first.log.append([
      { stream: 'sample-1', expected: 'no-stream', events: [{ type: 'samples.made', data: {} }] },
    ]);
    await first.close();

    const again = await openLog(database.url);

    expect([await again.log.id(), await again.log.head()]).toEqual([id, position]);
    await again.close();
  });

  it('refuses a database with a migration that it does not know, and names it', async () => {
    await (await openLog(database.url)).close();
    await pretendNewerMigration(database.url);

    const attempt = openLog(database.url);

    await expect(attempt).rejects.toThrow(DatabaseUnusableError);
    await expect(attempt).rejects.toThrow(/FromTheFuture9999999999999.*Start the newer version/);
    await expect(attempt).rejects.toMatchObject({ database: 'events' });
  });

  it('refuses the database of another application, and says so', async () => {
    await (await openLog(database.url)).close();
    await runSql(
      database.url,
      `insert into leftfold_migrations_events ("timestamp", "name") values (1650000000000, 'CreateParcels1650000000000')`,
    );

    await expect(openLog(database.url)).rejects.toThrow(
      /CreateParcels1650000000000, which is no part of this program.*another application.*Name another database/,
    );
  });
});

describe('a PostgreSQL database', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase('postgres');
  });

  afterEach(() => database.drop());

  it.each([
    ['nothing', {}],
    [
      'options',
      {
        options:
          '-c default_transaction_read_only=off -c idle_in_transaction_session_timeout=0 -c geqo=off ' +
          '-c extra_float_digits=0 -c datestyle=SQL',
      },
    ],
    ['a parameter of the same name', { idle_in_transaction_session_timeout: '0' }],
    ['options that would swallow the following ones', { options: '-c geqo=off -c search_path=public\\' }],
  ])(
    'is read through read-only connections, limits idle transactions, and returns exact values, with %s in the URL',
    async (_what, more) => {
      const url = new URL(database.url);
      for (const [name, value] of Object.entries<string>(more)) url.searchParams.set(name, value);

      const node = await openLog(url.href);
      const opened = node.database;

      const settingsOf = async (source: DataSource, name: string): Promise<unknown[]> =>
        (await Promise.all(times(3, () => source.query<{ setting: string }[]>(`show ${name}`)))).map(
          ([row]) => Object.values(row!)[0],
        );
      expect(await settingsOf(opened.read, 'default_transaction_read_only')).toEqual(times(3, () => 'on'));
      expect(await settingsOf(opened.write.dataSource, 'idle_in_transaction_session_timeout')).toEqual(
        times(3, () => '10s'),
      );
      for (const source of [opened.read, opened.write.dataSource]) {
        expect(await settingsOf(source, 'extra_float_digits')).toEqual(times(3, () => '1'));
        expect(await settingsOf(source, 'datestyle')).toEqual(times(3, () => 'ISO, MDY'));
      }
      if ('options' in more) expect(await settingsOf(opened.read, 'geqo')).toEqual(times(3, () => 'off'));
      await expect(opened.read.query('create table written (id integer)')).rejects.toThrow(/read-only transaction/);
      await node.close();
    },
  );
});
