import type { DataSource, EntityManager } from 'typeorm';
import { shadowDataSource } from '../../src/read-models/rebuild/shadow-data-source.js';
import { ShadowManager } from '../../src/read-models/rebuild/shadow-manager.js';
import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { CounterView, useCounterTables, TABLES, writeAsReadModel } from './counter-tables.js';

const MINE = { id: 'mine', value: 1, label: 'l', details: { a: [1] } };

describe.each(DATABASE_KINDS)('the manager of shadow tables on %s', (kind) => {
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

  it.each<[string, (manager: EntityManager) => Promise<unknown>]>([
    ['save', (manager) => manager.save(CounterView, MINE)],
    ['save of an entity', (manager) => manager.save(Object.assign(new CounterView(), MINE))],
    ['insert', (manager) => manager.insert(CounterView, MINE)],
    ['upsert', (manager) => manager.upsert(CounterView, MINE, ['id'])],
    ['a repository', (manager) => manager.getRepository(CounterView).save(MINE)],
    ['a query builder', (manager) => manager.createQueryBuilder().insert().into(CounterView).values(MINE).execute()],
    ['a nested transaction', (manager) => manager.transaction((inner) => inner.save(CounterView, MINE))],
    ['rows of a read model', (manager) => writeAsReadModel(tables, manager, CounterView, { saved: [MINE] })],
    [
      'SQL by hand',
      (manager) =>
        manager.query(
          `insert into rebuild_counter_view (id, value, label, details) values ('mine', 1, 'l', '{"a":[1]}')`,
        ),
    ],
  ])('writes to the shadow by %s', async (_, write) => {
    await within(write);

    expect(await within((manager) => manager.find(CounterView))).toEqual([MINE]);
    expect(await live()).toEqual(['live 1']);
  });

  it.each<[string, number | undefined, (manager: EntityManager) => Promise<unknown>]>([
    ['update', 2, (manager) => manager.update(CounterView, { id: 'live' }, { value: 2 })],
    ['increment', 11, (manager) => manager.increment(CounterView, { id: 'live' }, 'value', 1)],
    ['delete', undefined, (manager) => manager.delete(CounterView, { id: 'live' })],
    ['remove', undefined, (manager) => manager.remove(Object.assign(new CounterView(), { id: 'live' }))],
    ['clear', undefined, (manager) => manager.clear(CounterView)],
    [
      'rows of a read model',
      undefined,
      (manager) => writeAsReadModel(tables, manager, CounterView, { removed: ['live'] }),
    ],
  ])("changes the shadow's row by %s, not the live one", async (_, value, write) => {
    await within((manager) => manager.insert(CounterView, { id: 'live', value: 10 }));

    await within(write);

    expect((await within((manager) => manager.findOneBy(CounterView, { id: 'live' })))?.value).toBe(value);
    expect(await live()).toEqual(['live 1']);
  });

  it('also reads the shadow on a connection of its own', async () => {
    await within((manager) => manager.save(CounterView, MINE));
    const runner = tables.views.read.createQueryRunner();

    const reads = new ShadowManager(shadow, runner, TABLES);

    expect(await reads.findBy(CounterView, { id: 'mine' })).toEqual([MINE]);
    expect(await reads.count(CounterView)).toBe(1);
    expect(await reads.createQueryBuilder(CounterView, 'counter_view').getCount()).toBe(1);
    await runner.release();
  });

  it('does not change the manager of the query runner and of later transactions', async () => {
    await tables.views.write.transaction(async (manager) => {
      const borrowed = new ShadowManager(shadow, manager.queryRunner!, TABLES);

      expect(manager.queryRunner!.manager).toBe(manager);
      expect(borrowed.queryRunner!.manager).toBe(borrowed);
      await borrowed.insert(CounterView, MINE);
      await manager.insert(CounterView, { id: 'second', value: 2 });
    });
    await tables.views.write.transaction((manager) => manager.insert(CounterView, { id: 'third', value: 3 }));

    expect(await live()).toEqual(['live 1', 'second 2', 'third 3']);
  });

  it('rolls back its rows with the transaction, and those of a nested one separately', async () => {
    await within(async (manager) => {
      await manager.insert(CounterView, MINE);
      const nested = manager.transaction(async (inner) => {
        await inner.insert(CounterView, { id: 'inner', value: 1 });
        throw new Error('not this one');
      });
      await expect(nested).rejects.toThrow('not this one');
    });
    const aborted = within(async (manager) => {
      await manager.insert(CounterView, { id: 'outer', value: 1 });
      throw new Error('none of it');
    });
    await expect(aborted).rejects.toThrow('none of it');

    expect((await within((manager) => manager.find(CounterView))).map(({ id }) => id)).toEqual(['mine']);
  });

  function within<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return tables.views.write.transaction((manager) => work(new ShadowManager(shadow, manager.queryRunner!, TABLES)));
  }

  async function live(): Promise<string[]> {
    const rows = await tables.views.read.getRepository(CounterView).find({ order: { id: 'asc' } });
    return rows.map(({ id, value }) => `${id} ${value}`);
  }
});
