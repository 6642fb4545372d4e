import { QueryFailedError } from 'typeorm';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { openLog, type OpenLog } from './event-log/open-log.js';

describe.each(DATABASE_KINDS)('brief reads on %s', (kind) => {
  let database: TestDatabase;
  let open: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    open = await openLog(database.url);
    await open.database.write.statement('create table numbers (id integer primary key not null, n integer)', []);
    await open.database.write.statement('insert into numbers values (1, 10), (2, 20)', []);
  });

  afterAll(async () => {
    await open?.close();
    await database?.drop();
  });

  const read = async (sql: string, parameters: readonly unknown[] = []): Promise<unknown> =>
    (await open.database.briefReads.run(sql, parameters)).rows[0]?.[0];

  it('of one turn answer each caller, and fail alone', async () => {
    const one = 'select n from numbers where id = ?';
    const answers = await Promise.allSettled([
      read(one, [1]),
      read('select nothing from numbers'),
      read(one, [2]),
      read(one, [3]),
    ]);

    expect(answers).toMatchObject([{ value: 10 }, { status: 'rejected' }, { value: 20 }, { value: undefined }]);
    expect((answers[1] as PromiseRejectedResult).reason).toBeInstanceOf(QueryFailedError);
    expect(await Promise.all([read(one, [1]), read(one, [2])])).toEqual([10, 20]);
  });

  if (kind !== 'postgres') return;

  it('of one turn share a connection, on which nothing else waits', async () => {
    const settled: string[] = [];
    const noted = async (name: string, sql: string) => {
      await read(sql);
      settled.push(name);
    };
    let held: Promise<unknown> | undefined;
    await open.database.write.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock(7)');
      held = Promise.all([noted('first', 'select pg_advisory_xact_lock(7)'), noted('second', 'select 1')]);
      await open.database.reads.run('select 1', []);
      await noted('of a later turn', 'select 1');
    });
    await held;

    expect(settled).toEqual(['of a later turn', 'first', 'second']);
  });

  it('all fail behind one that loses the connection, and the next ones get another', async () => {
    const cut = await Promise.allSettled([
      read('select pg_terminate_backend(pg_backend_pid())'),
      read('select n from numbers where id = ?', [1]),
      read('select 1'),
    ]);

    expect(cut.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await Promise.all([read('select 1 + 1'), read('select 2 + 2')])).toEqual([2, 4]);
  });

  it('are prepared anew when the type of a column has changed', async () => {
    const select = 'select n from numbers where id = ?';
    const both = () => Promise.all([read(select, [1]), read(select, [2])]);
    expect(await both()).toEqual([10, 20]);
    await open.database.write.statement('alter table numbers alter column n type text', []);
    expect(await both()).toEqual(['10', '20']);
  });
});
