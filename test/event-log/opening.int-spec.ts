import { parseDatabaseUrl } from '../../src/event-sourcing/databases/database-url.js';
import { DatabaseUnusableError } from '../../src/event-sourcing/databases/database-unusable.error.js';
import { openDatabase } from '../../src/event-sourcing/databases/open-database.js';
import { LOG_SCHEMA } from '../../src/event-sourcing/event-log/log-schema.js';
import { openEventLog } from '../../src/event-sourcing/event-log/open-event-log.js';
import { times } from '../../src/event-sourcing/testing/event-log/samples.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { compileProgram } from '../support/compiled-program.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { pretendNewerMigration } from '../support/newer-migration.js';
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

  it('migrates a new database once, though six handles open it together', async () => {
    const opened = await Promise.all(times(6, () => openLog(database.url)));

    const ids = await Promise.all(opened.map(({ log }) => log.id()));
    const migrations = await opened[0]!.database.read.query<unknown[]>('select name from migrations_events');

    await Promise.all(opened.map((each) => each.close()));
    expect(new Set(ids).size).toBe(1);
    expect(migrations).toEqual(LOG_SCHEMA.migrations.map(({ name }) => ({ name })));
  });

  it('agrees on one identity, though six handles look for it in the same tick', async () => {
    const target = parseDatabaseUrl(database.url);
    const databases = await Promise.all(times(6, () => openDatabase('events', target, LOG_SCHEMA)));

    const logs = await Promise.all(databases.map((each) => openEventLog(each)));

    expect(new Set(await Promise.all(logs.map((log) => log.id()))).size).toBe(1);
    for (const log of logs) await log.close();
    for (const each of databases) await each.close();
  });

  it('migrates a new database once, though three processes open it together', async () => {
    const script = await compileProgram('test/event-log/writer.ts');

    const processes = await Promise.all(
      [1, 2, 3].map((seed) => AppProcess.run({ script, args: [database.url, String(seed), '5'] })),
    );

    expect(processes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(times(3, () => ({ code: 0, stderr: '' })));
    const node = await openLog(database.url);
    const ids = await node.database.read.query<unknown[]>('select log_id from event_log');
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
});
