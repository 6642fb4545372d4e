import { QueryFailedError } from 'typeorm';
import { DatabaseLimits } from '../src/databases/database-limits.js';
import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { BARE_OUTBOX } from './support/bare-outbox.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { runSql } from './support/stored-rows.js';

describe.each(DATABASE_KINDS)('statements in turn on %s', (kind) => {
  let database: TestDatabase;
  let events: OpenDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    // Few connections: the one that was used last is used again, and is as it was left. Migrations need two.
    events = await openDatabase('events', parseDatabaseUrl(database.url), BARE_OUTBOX, {
      limits: Object.assign(new DatabaseLimits(), { connections: 2 }),
    });
    await runSql(database.url, 'create table numbers (number integer primary key)');
  });

  beforeEach(() => runSql(database.url, 'delete from numbers'));

  afterAll(async () => {
    await events?.close();
    await database?.drop();
  });

  const insert = (number: number) => ({ sql: 'insert into numbers (number) values (?)', parameters: [number] });
  const stored = async (): Promise<unknown[]> =>
    (await runSql(database.url, 'select number from numbers order by number')).map(({ number }) => number);

  it('see what those before them have written, and answer each', async () => {
    const results = await events.write.inTurn(() => [
      insert(1),
      insert(2),
      { sql: 'update numbers set number = number + ? returning number', parameters: [10] },
      { sql: 'delete from numbers where number > ?', parameters: [11] },
      { sql: 'select number from numbers', parameters: [] },
    ]);

    expect(results.map(({ affected }) => affected)).toEqual([1, 1, 2, 1, 1]);
    expect(results[4]!.rows).toEqual([{ number: 11 }]);
    expect(await stored()).toEqual([11]);
  });

  it('write nothing when one fails, and report that one', async () => {
    const failing = events.write.inTurn(() => [insert(1), insert(1), insert(2)]);

    await expect(failing).rejects.toMatchObject({ parameters: [1] });
    await expect(failing).rejects.toBeInstanceOf(QueryFailedError);
    expect(await stored()).toEqual([]);
    // The connection is as before.
    await events.write.transaction((manager) => manager.query('insert into numbers (number) values (3)'));
    await events.write.inTurn(() => [insert(4)]);
    expect(await stored()).toEqual([3, 4]);
  });

  it('write nothing when a parameter can not be sent', async () => {
    const unsendable = { toPostgres: () => Promise.reject(new Error('never')) };
    const failing = events.write.inTurn(() => [insert(1), { ...insert(2), parameters: [unsendable] }, insert(3)]);

    await expect(failing).rejects.toThrow();
    expect(await stored()).toEqual([]);
    await events.write.inTurn(() => [insert(4)]);
    expect(await stored()).toEqual([4]);
  });

  if (kind !== 'postgres') return;

  it('are all sent before the first one is answered', async () => {
    const runner = events.write.dataSource.createQueryRunner();
    const client = (await runner.connect()) as { query: (...all: unknown[]) => Promise<unknown> };
    const query = client.query.bind(client);
    let [open, most] = [0, 0];
    client.query = async (...all) => {
      most = Math.max(most, ++open);
      try {
        return await query(...all);
      } finally {
        open--;
      }
    };
    await runner.release();

    await events.write.inTurn(() => [insert(1), insert(2)]);
    client.query = query;

    // With begin and commit.
    expect(most).toBe(4);
  });

  it('are not stored when the connection is cut among them', async () => {
    const cut = events.write.inTurn(() => [
      insert(1),
      { sql: 'select pg_terminate_backend(pg_backend_pid())', parameters: [] },
      insert(2),
    ]);

    await expect(cut).rejects.toBeInstanceOf(QueryFailedError);
    expect(await stored()).toEqual([]);
    await events.write.inTurn(() => [insert(3)]);
    expect(await stored()).toEqual([3]);
  });
});
