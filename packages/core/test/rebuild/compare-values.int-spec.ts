import { type ColumnType, DataSource, EntitySchema } from 'typeorm';
import { compareTables, type TableComparison } from '../../src/read-models/rebuild/compare-tables.js';
import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { CounterView, useCounterTables, TABLES } from './counter-tables.js';

describe.each(DATABASE_KINDS)('values of a table and its shadow on %s', (kind) => {
  const tables = useCounterTables(kind);

  beforeEach(async () => {
    await tables.reset();
    await tables.write.transaction((manager) => shadowTablesFor(kind).create(manager, TABLES));
  });

  it.each([
    ['null and a text', `null, null`, `'x', null`],
    ['a text and null', `'x', null`, `null, null`],
    ['an empty text and null', `'', null`, `null, null`],
    ['capitals', `'Anna', null`, `'anna', null`],
    ['a space at the end', `'x', null`, `'x ', null`],
    ['JSON', `'x', '{"a":1}'`, `'x', '{"a":2}'`],
    ['JSON and null', `'x', '{"a":1}'`, `'x', null`],
  ])('differ by %s', async (_, before, after) => {
    await live(`('a', 1, ${before})`);
    await shadow(`('a', 1, ${after})`);

    expect(await compare()).toMatchObject({ added: 0, removed: 0, changed: 1, examples: [{ change: 'changed' }] });
  });

  it('differ by rows whose other columns are null', async () => {
    await live(`('before', 0, null, null)`);
    await shadow(`('after', 0, null, null)`);

    expect(await compare()).toMatchObject({
      examples: [
        { change: 'added', before: null, after: { id: 'after', label: null, details: null } },
        { change: 'removed', before: { id: 'before', label: null, details: null }, after: null },
      ],
    });
  });

  it('differ even if a collation considers them equal, also as keys', async () => {
    const text = kind === 'postgres' ? 'text collate "und-x-any-case"' : 'text collate nocase';
    if (kind === 'postgres') {
      await tables.write.statement(
        `create collation "und-x-any-case" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
        [],
      );
    }

    const { changed, examples } = await compareOdd(
      { id: 'text', name: 'text' },
      `id ${text} primary key, name ${text}`,
      [`('a', 'Anna'), ('b', 'x'), ('c', 'x')`, `('a', 'anna'), ('B', 'x'), ('c', 'x')`],
    );

    expect(changed).toBe(2);
    expect(examples.map(({ before, after }) => [before, after])).toEqual([
      [
        { id: 'a', name: 'Anna' },
        { id: 'a', name: 'anna' },
      ],
      [
        { id: 'b', name: 'x' },
        { id: 'B', name: 'x' },
      ],
    ]);
  });

  it('are shown in JSON form, with numbers that JavaScript would round as text', async () => {
    const bytes = kind === 'postgres' ? 'bytea' : 'blob';
    const ratio = kind === 'postgres' ? 'double precision' : 'real';
    const stored = kind === 'postgres' ? `'\\x00ff'` : `x'00ff'`;

    const { examples } = await compareOdd(
      { id: 'bigint', small: 'bigint', bytes, ratio },
      `id bigint primary key, small bigint, bytes ${bytes}, ratio ${ratio}`,
      [`(-9223372036854775808, -5, ${stored}, 0.25)`, `(-9223372036854775808, 5, ${stored}, 0.25)`],
    );

    const before = { id: '-9223372036854775808', small: -5, bytes: String.raw`\x00ff`, ratio: 0.25 };
    expect(examples).toEqual([{ change: 'changed', key: { id: before.id }, before, after: { ...before, small: 5 } }]);
    expect(JSON.parse(JSON.stringify(examples))).toEqual(examples);
  });

  it('are named by the columns of the table', async () => {
    await live(`('a', 1, 'x', '{"a":[1,null]}')`);

    const details = kind === 'postgres' ? { a: [1, null] } : '{"a":[1,null]}';
    expect((await compare()).examples[0]?.before).toEqual({ id: 'a', value: 1, label: 'x', details });
  });

  function compare(): Promise<TableComparison> {
    return compareTables(tables.views.read.manager, tables.views.read.getMetadata(CounterView));
  }

  /** Compares a table of its own, made of these columns. The first is the key. */
  async function compareOdd(
    columns: Record<string, ColumnType>,
    ddl: string,
    [before, after]: [before: string, after: string],
  ): Promise<TableComparison> {
    const names = Object.entries(columns);
    const schema = new EntitySchema({
      name: 'Odd',
      tableName: 'odd',
      columns: Object.fromEntries(names.map(([name, type], index) => [name, { type, primary: index === 0 }])),
    });
    const odd = new DataSource({ ...tables.write.dataSource.options, entities: [schema] });
    await odd.initialize();
    try {
      for (const table of ['odd', 'rebuild_odd']) await odd.query(`create table ${table} (${ddl})`);
      await odd.query(`insert into odd values ${before}`);
      await odd.query(`insert into rebuild_odd values ${after}`);
      return await compareTables(odd.manager, odd.getMetadata(schema));
    } finally {
      for (const table of ['odd', 'rebuild_odd']) await odd.query(`drop table if exists ${table}`);
      await odd.destroy();
    }
  }

  async function live(rows: string): Promise<void> {
    await tables.write.statement(`insert into counter_view (id, value, label, details) values ${rows}`, []);
  }

  async function shadow(rows: string): Promise<void> {
    await tables.write.statement(`insert into rebuild_counter_view (id, value, label, details) values ${rows}`, []);
  }
});
