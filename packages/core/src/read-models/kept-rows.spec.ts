import { KeptRows, type KeptRow } from './kept-rows.js';

class Entity {}

const row = (id: string, text = ''): KeptRow => ({ key: { id, values: [id] }, row: [id, text] });

describe('rows in memory between batches', () => {
  it('are the ones used last, up to a number of rows', () => {
    const kept = new KeptRows({ rows: 2, bytes: 10_000, asked: 1 });
    kept.of(Entity).keep([row('a'), row('b')]);
    kept.of(Entity).keep([row('a', 'again'), row('c')]);
    expect(kept.of(Entity).find('b')).toBeUndefined();
    expect(kept.of(Entity).find('a')).toMatchObject(row('a', 'again'));
    expect(kept.of(Entity).find('c')).toMatchObject(row('c'));
  });

  it('stay when they are used, and others give way', () => {
    const kept = new KeptRows({ rows: 2, bytes: 10_000, asked: 1 });
    kept.of(Entity).keep([row('a'), row('b')]);
    kept.of(Entity).find('a');
    kept.of(Entity).keep([row('c')]);
    expect(['a', 'b', 'c'].map((id) => kept.of(Entity).find(id)?.key.id)).toEqual(['a', undefined, 'c']);
  });

  it.each([
    ['a long text', ['x'.repeat(6_000)]],
    ['bytes', [new Uint8Array(11_000)]],
    ['a list', [Array.from({ length: 3_000 }, () => 10)]],
  ])('are limited by their size: %s', (_, values) => {
    const kept = new KeptRows({ rows: 10, bytes: 10_000, asked: 1 });
    kept.of(Entity).keep([{ key: { id: 'large', values: [] }, row: values }, row('a')]);
    expect(kept.of(Entity).find('large')).toBeUndefined();
    expect(kept.of(Entity).find('a')).toBeDefined();
  });

  it('remember that there is no such row, and forget everything at once', () => {
    const kept = new KeptRows();
    kept.of(Entity).keep([{ key: { id: 'none', values: ['none'] }, row: undefined }]);
    expect(kept.of(Entity).find('none')).toMatchObject({ row: undefined });
    kept.clear();
    expect(kept.of(Entity).find('none')).toBeUndefined();
  });

  it('are a whole table that was empty, until one of them gives way', () => {
    const table = new KeptRows({ rows: 2, bytes: 10_000, asked: 1 }).of(Entity);
    expect(table.isWhole).toBe(false);
    table.wasEmpty();
    table.keep([row('a'), row('b')]);
    expect(table.isWhole).toBe(true);
    table.keep([row('c')]);
    expect(table.isWhole).toBe(false);
  });

  it('ask once whether the table is empty, when enough rows are looked for', () => {
    const kept = new KeptRows({ rows: 2, bytes: 10_000, asked: 3 });
    expect([2, 3, 4].map((keys) => kept.of(Entity).asksFor(keys))).toEqual([false, true, false]);
    kept.of(Entity).wasEmpty();
    kept.clear();
    expect([kept.of(Entity).isWhole, kept.of(Entity).asksFor(4)]).toEqual([false, false]);
  });
});
