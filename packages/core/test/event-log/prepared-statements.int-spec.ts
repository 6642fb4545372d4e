import { preparedOn, preparedWithin } from '../../src/databases/prepare.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { openLog, type OpenLog } from './open-log.js';

describe.each(DATABASE_KINDS)('prepared statements on %s', (kind) => {
  let database: TestDatabase;
  let open: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    open = await openLog(database.url);
    await open.database.write.statement('create table numbers (id integer primary key not null, n integer)', []);
  });

  afterAll(async () => {
    await open?.close();
    await database?.drop();
  });

  it('return rows as arrays, and count what they write', async () => {
    const { write, read } = open.database;
    const insert = 'insert into numbers values (?, ?), (?, ?)';
    const { affected } = await write.transaction(({ queryRunner }) =>
      preparedWithin(queryRunner!).run(insert, [1, 10, 2, null]),
    );
    expect(affected).toBe(2);
    expect((await preparedOn(read).run('select n, id from numbers order by id', [])).rows).toEqual([
      [10, 1],
      [null, 2],
    ]);
  });

  it('report an error as TypeORM does', async () => {
    await expect(open.database.reads.run('select nothing from numbers', [])).rejects.toMatchObject({
      name: 'QueryFailedError',
      code: kind === 'postgres' ? '42703' : 'SQLITE_ERROR',
    });
  });

  if (kind === 'postgres') {
    it('are prepared anew when the type of a column has changed', async () => {
      const { write, reads } = open.database;
      const select = 'select n from numbers where id = ?';
      expect((await reads.run(select, [1])).rows).toEqual([[10]]);
      await write.statement('alter table numbers alter column n type text', []);
      expect((await reads.run(select, [1])).rows).toEqual([['10']]);
    });
  }
});
