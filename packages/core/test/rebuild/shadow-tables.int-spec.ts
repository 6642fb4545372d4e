import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { UnrebuildableTableError } from '../../src/read-models/rebuild/unrebuildable-table.error.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { useCounterTables, TABLES } from './counter-tables.js';
import { schemaOf } from './schema-of.js';

describe.each(DATABASE_KINDS)('the shadow tables of a rebuild on %s', (kind) => {
  const shadows = shadowTablesFor(kind);
  const tables = useCounterTables(kind);

  beforeEach(async () => {
    await tables.reset();
    await run(`insert into counter_view (id, value) values ('live', 1)`);
    await run(`insert into counter_tags values ('live', 1)`);
  });

  it('are created empty, and the live ones keep their rows', async () => {
    await create();

    expect(await run('select * from rebuild_counter_view')).toEqual([]);
    expect(await run('select id from counter_view')).toEqual([{ id: 'live' }]);
    expect(await run('select counter_id from counter_tags')).toEqual([{ counter_id: 'live' }]);
  });

  it('have the defaults and generated columns of the live ones', async () => {
    await create();
    await run(`insert into rebuild_counter_view (id, value) values ('a', 4)`);

    expect(await run('select * from rebuild_counter_view')).toEqual([
      { id: 'a', value: 4, label: 'none, (yet)', details: null, doubled: 8 },
    ]);
  });

  it.each([
    [`('a', 1, 'x'), ('a', 2, 'y')`, 'the primary key'],
    [`('a', 1, 'x'), ('b', 1, 'x')`, 'the unique constraint'],
    [`('a', 11, 'x'), ('b', 12, 'x')`, 'the partial unique index'],
    [`('a', 1000000, 'x')`, 'a check that names the table'],
    [`('a', -1000, 'x')`, 'a check of a column'],
    [`('a', null, 'x')`, 'not null'],
  ])('refuse the rows %s: %s is there', async (rows) => {
    await create();

    await expect(run(`insert into rebuild_counter_view (id, value, label) values ${rows}`)).rejects.toThrow(
      /unique|duplicate|check|null/i,
    );
    await run(`insert into rebuild_counter_view (id, value, label) values ('a', 9, 'x'), ('b', 10, 'x')`);
  });

  it('replace leftovers of an earlier rebuild, in any shape', async () => {
    await run('create table rebuild_counter_view (other integer)');
    await create();
    await run(`insert into rebuild_counter_view (id, value) values ('left', 1)`);

    await create();

    expect(await run('select id from rebuild_counter_view')).toEqual([]);
  });

  it('copy the tables as they are now', async () => {
    await create();
    await run('alter table counter_view add column later integer not null default 7');

    await create();
    await run(`insert into rebuild_counter_view (id) values ('a')`);

    expect(await run('select later from rebuild_counter_view')).toEqual([{ later: 7 }]);
  });

  it('exist when all of them do', async () => {
    expect(await inTransaction('exist')).toBe(false);
    await create();
    expect(await inTransaction('exist')).toBe(true);

    await run('drop table rebuild_counter_tags');

    expect(await inTransaction('exist')).toBe(false);
  });

  it('are dropped completely, even if some are missing', async () => {
    const before = await schemaOf(tables.write.dataSource.manager);
    await create();
    await run('drop table rebuild_counter_view');

    await inTransaction('drop');
    await inTransaction('drop');

    expect(await schemaOf(tables.write.dataSource.manager)).toEqual(before);
  });

  it('are refused for a missing table', async () => {
    const made = tables.write.transaction((manager) => shadows.create(manager, ['counter_view', 'nowhere']));

    await expect(made).rejects.toThrow(UnrebuildableTableError);
    await expect(made).rejects.toThrow(/"nowhere".*no such table.*migration/);
    expect(await inTransaction('exist')).toBe(false);
  });

  function create(): Promise<unknown> {
    return inTransaction('create');
  }

  function inTransaction(method: 'create' | 'exist' | 'drop'): Promise<unknown> {
    return tables.write.transaction<unknown>((manager) => shadows[method](manager, TABLES));
  }

  function run(sql: string): Promise<unknown> {
    return tables.write.transaction((manager) => manager.query(sql));
  }
});
