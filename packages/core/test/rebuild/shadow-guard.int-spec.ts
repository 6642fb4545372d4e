import type { DataSource, EntityManager } from 'typeorm';
import { shadowDataSource } from '../../src/read-models/rebuild/shadow-data-source.js';
import { ShadowManager } from '../../src/read-models/rebuild/shadow-manager.js';
import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { CounterTag, CounterView, Note, useCounterTables, TABLES, writeAsReadModel } from './counter-tables.js';

const REFUSED = /A rebuild uses another table: write `\$\{rows\.table\}` in place of "counter_view" in SQL by hand\./;

describe.each(DATABASE_KINDS)('the manager of shadow tables, guarding the live ones, on %s', (kind) => {
  const tables = useCounterTables(kind);
  let shadow: DataSource;

  beforeAll(async () => {
    shadow = await shadowDataSource(tables.views.write.dataSource);
  });

  beforeEach(async () => {
    await tables.reset();
    await tables.views.write.transaction(async (manager) => {
      await shadowTablesFor(kind).create(manager, TABLES);
      await manager.insert(CounterView, { id: 'live', value: 1 });
    });
  });

  it.each([
    'delete from counter_view',
    'update "counter_view" set value = 0',
    'UPDATE COUNTER_VIEW SET value = 0',
    'insert into public.counter_view (id) values (1)',
    'select counter_view.id from rebuild_counter_view, counter_view',
    'select * from notes join counter_view on true',
    'delete from/**/counter_view',
    'with gone as (delete from counter_view returning *) select * from gone',
  ])('refuses SQL that names a live table: %s', async (sql) => {
    await expect(within((manager) => manager.query(sql))).rejects.toThrow(/A rebuild uses another table/);
    await expect(within((manager) => manager.getRepository(CounterTag).query(sql))).rejects.toThrow(
      /A rebuild uses another table/,
    );

    expect(await live()).toEqual(['live 1']);
  });

  it('says what to write instead', async () => {
    await expect(within((manager) => manager.query('delete from counter_view'))).rejects.toThrow(REFUSED);
    await expect(within((manager) => manager.sql`delete from counter_view`)).rejects.toThrow(REFUSED);
  });

  it('refuses a live table that a query builder or a query runner names', async () => {
    const attempts: ((manager: EntityManager) => Promise<unknown>)[] = [
      (manager) => manager.createQueryBuilder().delete().from('counter_view').execute(),
      (manager) => manager.createQueryBuilder().update('counter_view').set({ value: 5 }).execute(),
      (manager) => manager.createQueryBuilder().select('1').from('counter_view', 'c').getRawMany(),
      (manager) => manager.queryRunner!.query('delete from counter_view'),
      (manager) => manager.queryRunner!.query('delete from "notes"'),
    ];
    for (const attempt of attempts) await expect(within(attempt)).rejects.toThrow(/uses another table|No metadata/);

    expect(await live()).toEqual(['live 1']);
  });

  it.each([
    'select id from rebuild_counter_view',
    'select id from "rebuild_counter_view" as c',
    'select 1 as counter_views, 2 as my_counter_view',
  ])('accepts %s', async (sql) => {
    await expect(within((manager) => manager.query(sql))).resolves.toBeDefined();
  });

  it('distinguishes a column from a table with the same name', async () => {
    await within((manager) => manager.save(Note, { id: 1, notes: 'a' }));
    await within((manager) => writeAsReadModel(tables, manager, Note, { saved: [{ id: 2, notes: 'b' }] }));

    expect(await within((manager) => manager.query(`select notes from rebuild_notes where notes = 'b'`))).toEqual([
      { notes: 'b' },
    ]);
    for (const sql of ['delete from notes', 'update"notes"set id = 1', 'insert into public . notes values (1)']) {
      await expect(within((manager) => manager.query(sql))).rejects.toThrow(/in place of "notes"/);
    }
    expect(await tables.views.read.query('select * from notes')).toEqual([]);
  });

  function within<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return tables.views.write.transaction((manager) => work(new ShadowManager(shadow, manager.queryRunner!, TABLES)));
  }

  async function live(): Promise<string[]> {
    const rows = await tables.views.read.getRepository(CounterView).find({ order: { id: 'asc' } });
    return rows.map(({ id, value }) => `${id} ${value}`);
  }
});
