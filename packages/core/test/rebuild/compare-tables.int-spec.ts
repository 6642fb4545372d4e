import { compareTables, type TableComparison } from '../../src/read-models/rebuild/compare-tables.js';
import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { CounterTag, CounterView, useCounterTables, TABLES } from './counter-tables.js';

const NOTHING = { added: 0, removed: 0, changed: 0, examples: [] };

describe.each(DATABASE_KINDS)('a table and its shadow on %s', (kind) => {
  const tables = useCounterTables(kind);

  beforeEach(async () => {
    await tables.reset();
    await tables.write.transaction((manager) => shadowTablesFor(kind).create(manager, TABLES));
  });

  it('are the same when they are empty, and when their rows are', async () => {
    expect(await compare()).toEqual({ table: 'counter_view', ...NOTHING });
    await both(`('a', 1, null, '{"a":1}'), ('b', 2, 'x', null)`);

    expect(await compare()).toEqual({ table: 'counter_view', ...NOTHING });
  });

  it('differ by rows that only one has, and by rows with the same key', async () => {
    await both(`('same', 9, 'x', null)`);
    await live(`('changed', 1, 'x', null), ('removed', 2, 'y', null)`);
    await shadow(`('changed', 3, 'x', null), ('added', 4, 'z', null)`);

    expect(await compare()).toEqual({
      table: 'counter_view',
      added: 1,
      removed: 1,
      changed: 1,
      examples: [
        { change: 'added', key: { id: 'added' }, before: null, after: row('added', 4, 'z') },
        { change: 'changed', key: { id: 'changed' }, before: row('changed', 1, 'x'), after: row('changed', 3, 'x') },
        { change: 'removed', key: { id: 'removed' }, before: row('removed', 2, 'y'), after: null },
      ],
    });
  });

  it('show the first ten differences of all kinds, in the order of the key', async () => {
    const id = (n: number) => `c${String(n).padStart(2, '0')}`;
    const numbers = Array.from({ length: 45 }, (_, index) => index);
    const values = (picked: number[], value: number) => picked.map((n) => `('${id(n)}', ${value}, 'l${n}', null)`);
    await live(values(numbers.filter((n) => n % 3 !== 1).toReversed(), 1).join());
    await shadow(values(numbers.filter((n) => n % 3 !== 2).toReversed(), 2).join());

    const { examples, ...counts } = await tables.write.transaction(async (manager) => {
      // Otherwise the rows of such small tables would be in order by chance.
      if (kind === 'postgres') await manager.query('set local enable_mergejoin = off');
      return compareTables(manager, manager.dataSource.getMetadata(CounterView));
    });

    expect(counts).toEqual({ table: 'counter_view', added: 15, removed: 15, changed: 15 });
    expect(examples.map(({ change, key }) => `${String(key.id)} ${change}`)).toEqual(
      numbers.slice(0, 10).map((n) => `${id(n)} ${['changed', 'added', 'removed'][n % 3]}`),
    );
  });

  it('are compared by all columns of a key, which may be all columns of the table', async () => {
    await tables.write.transaction(async (manager) => {
      await manager.query(`insert into counter_tags values ('b', 10), ('b', 9), ('a', 1)`);
      await manager.query(`insert into rebuild_counter_tags values ('b', 10), ('b', 8), ('c', 1)`);
    });
    const tag = (id: string, ordinal: number) => ({ counter_id: id, ordinal });

    expect(await compareTables(tables.views.read.manager, tables.views.read.getMetadata(CounterTag))).toEqual({
      table: 'counter_tags',
      added: 2,
      removed: 2,
      changed: 0,
      examples: [
        { change: 'removed', key: tag('a', 1), before: tag('a', 1), after: null },
        { change: 'added', key: tag('b', 8), before: null, after: tag('b', 8) },
        { change: 'removed', key: tag('b', 9), before: tag('b', 9), after: null },
        { change: 'added', key: tag('c', 1), before: null, after: tag('c', 1) },
      ],
    });
  });

  it('can be large: two statements compare them and return at most eleven rows', async () => {
    const numbers = 'with recursive n (n) as (select 1 union all select n + 1 from n where n < 20000)';
    await tables.write.transaction(async (manager) => {
      for (const [table, value] of [
        ['counter_view', 'n'],
        ['rebuild_counter_view', 'case when n % 2 = 0 then n else -n % 100 end'],
      ]) {
        await manager.query(
          `insert into ${table} (id, value, label) ${numbers} select 'c' || n, ${value}, 'l' || n from n`,
        );
      }
    });
    const answers: number[] = [];
    const { manager } = tables.views.read;
    const counting = Object.assign(Object.create(manager) as typeof manager, {
      query: async (sql: string) => {
        const rows = await manager.query<unknown[]>(sql);
        answers.push(rows.length);
        return rows;
      },
    });

    const comparison = await compareTables(counting, tables.views.read.getMetadata(CounterView));

    expect(comparison).toMatchObject({ added: 0, removed: 0, changed: 10_000 });
    expect(answers).toEqual([1, 10]);
  });

  function row(id: string, value: number, label: string | null) {
    return { id, value, label, details: null };
  }

  function compare(): Promise<TableComparison> {
    return compareTables(tables.views.read.manager, tables.views.read.getMetadata(CounterView));
  }

  async function both(rows: string): Promise<void> {
    await live(rows);
    await shadow(rows);
  }

  async function live(rows: string): Promise<void> {
    await tables.write.statement(`insert into counter_view (id, value, label, details) values ${rows}`, []);
  }

  async function shadow(rows: string): Promise<void> {
    await tables.write.statement(`insert into rebuild_counter_view (id, value, label, details) values ${rows}`, []);
  }
});
