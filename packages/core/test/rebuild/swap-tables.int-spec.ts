import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { useCounterTables, TABLES } from './counter-tables.js';
import { schemaOf } from './schema-of.js';

describe.each(DATABASE_KINDS)('shadow tables in a swap on %s', (kind) => {
  const shadows = shadowTablesFor(kind);
  const tables = useCounterTables(kind);

  beforeEach(async () => {
    await tables.reset();
    await run(`insert into counter_view (id, value) values ('live', 1)`);
    await run(`insert into counter_tags values ('live', 1)`);
  });

  it('become the live ones, three times in a row, with unchanged names and definitions', async () => {
    const before = await schemaOf(tables.write.dataSource.manager);
    expect(before.join()).toMatch(/counter value USING again.*counter_expression.*only large/);

    for (const round of [1, 2, 3]) {
      await create();
      await run(`insert into rebuild_counter_view (id, value) values ('round ${round}', ${round})`);
      await run(`insert into rebuild_counter_tags values ('round', ${round})`);
      await inTransaction('swap');

      expect(await schemaOf(tables.write.dataSource.manager)).toEqual(before);
      expect(await run('select id, value from counter_view')).toEqual([{ id: `round ${round}`, value: round }]);
      expect(await run('select * from counter_tags')).toEqual([{ counter_id: 'round', ordinal: round }]);
    }
  });

  it('stay shadows when the transaction of the swap is rolled back', async () => {
    await create();
    await run(`insert into rebuild_counter_view (id, value) values ('shadow', 2)`);
    const before = await schemaOf(tables.write.dataSource.manager);

    const aborted = tables.write.transaction(async (manager) => {
      await shadows.swap(manager, TABLES);
      expect(await manager.query('select id from counter_view')).toEqual([{ id: 'shadow' }]);
      throw new Error('too late');
    });
    await expect(aborted).rejects.toThrow('too late');

    expect(await schemaOf(tables.write.dataSource.manager)).toEqual(before);
    expect(await run('select id from counter_view')).toEqual([{ id: 'live' }]);
    expect(await run('select id from rebuild_counter_view')).toEqual([{ id: 'shadow' }]);
    await inTransaction('swap');
    expect(await run('select id from counter_view')).toEqual([{ id: 'shadow' }]);
  });

  it.each([
    'alter table counter_view add column later integer',
    'create index later on counter_view (label)',
    'drop index counter_value',
    'drop table rebuild_notes',
  ])("can't become live tables after %s", async (change) => {
    await create();
    await run(change);
    const before = await schemaOf(tables.write.dataSource.manager);

    await expect(inTransaction('swap')).rejects.toThrow(/Begin the rebuild again/);

    expect(await schemaOf(tables.write.dataSource.manager)).toEqual(before);
    expect(await run('select id from counter_view')).toEqual([{ id: 'live' }]);
  });

  function create(): Promise<unknown> {
    return inTransaction('create');
  }

  function inTransaction(method: 'create' | 'swap'): Promise<unknown> {
    return tables.write.transaction<unknown>((manager) => shadows[method](manager, TABLES));
  }

  function run(sql: string): Promise<unknown> {
    return tables.write.transaction((manager) => manager.query(sql));
  }
});
