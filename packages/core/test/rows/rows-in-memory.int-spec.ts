import { Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent, type EventContext } from '../../src/index.js';
import { KeptRows } from '../../src/read-models/kept-rows.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ProjectedTables, STATEMENTS_OF } from './projected-tables.js';

@DomainEvent('rows.touched')
class Touched {
  declare readonly type: 'rows.touched';
}

@Entity('numbered')
class Numbered {
  @PrimaryColumn('bigint')
  id: string;
}

describe.each(DATABASE_KINDS)('rows in memory between batches on %s', (kind) => {
  const numbered = new ReadModel(Numbered);
  const read = jest.spyOn(STATEMENTS_OF[kind].prototype, 'run');
  let tables: ProjectedTables;

  beforeAll(async () => {
    const statements = ['create table numbered (id bigint primary key not null)'];
    tables = await ProjectedTables.open(kind, [Numbered], statements, Touched);
  });

  beforeEach(() => tables.views.write.statement('delete from numbered', []));

  afterAll(async () => {
    read.mockRestore();
    await tables.close();
  });

  it('reads no row again that the batch before has left in memory, except after a failure or SQL', async () => {
    const kept = new KeptRows();
    const batch = async (...works: (() => Promise<unknown>)[]): Promise<number> => {
      read.mockClear();
      const events = works.map(() => tables.recorded({}));
      const first = events[0]!.position;
      const handler = async (_: object, { position }: EventContext): Promise<void> =>
        void (await works[position - first]!());
      await tables.project(events, handler, { tables: { kept } }).catch(() => undefined);
      return read.mock.calls.filter(([sql]) => sql.startsWith('select')).length;
    };
    const get = async (): Promise<void> => {
      const row = (await numbered.get('7')) ?? new Numbered();
      numbered.save(Object.assign(row, { id: '7' }));
    };
    expect(await batch(get)).toBe(1);
    expect(await batch(get, get)).toBe(0);
    expect(await batch(get, () => Promise.reject(new Error('fails')))).toBe(0);
    expect(await batch(get)).toBe(1);
    expect(await batch(() => numbered.manager())).toBe(0);
    expect(await batch(get)).toBe(1);
  });

  it('reads nothing more of a table that was empty, until a row gives way, a batch fails, or SQL is used', async () => {
    const selects = async (kept: KeptRows, ...works: (() => Promise<unknown>)[]): Promise<string[]> => {
      read.mockClear();
      const run = async (work: () => Promise<unknown>): Promise<number> =>
        tables.project([tables.recorded({})], async () => void (await work()), { tables: { kept } });
      for (const work of works) await run(work).catch(() => undefined);
      return read.mock.calls.map(([sql]) => sql).filter((sql) => sql.startsWith('select'));
    };
    const add = (id: string) => async (): Promise<void> => {
      expect(await numbered.get(id)).toBeUndefined();
      numbered.save({ id });
    };
    const found = async (): Promise<void> => expect(String((await numbered.get('1'))?.id)).toBe('1');
    const keeping = (rows: number): KeptRows => new KeptRows({ rows, bytes: 10_000, asked: 1 });

    const bySql = async (): Promise<void> => {
      const manager = await numbered.manager();
      await manager.query(`insert into ${numbered.table} values (6)`);
      expect(String((await numbered.get('6'))?.id)).toBe('6');
      numbered.save({ id: '8' });
    };

    const whole = keeping(3);
    expect(await selects(whole, add('1'), add('2'), found, add('3'))).toEqual([expect.stringMatching(/limit 1$/)]);
    expect(await selects(whole, add('4'), add('5'))).toHaveLength(1);

    for (const end of [() => Promise.reject(new Error('fails')), bySql]) {
      await tables.views.write.statement('delete from numbered', []);
      const kept = keeping(9);
      await selects(kept, add('1'), end);
      expect(await tables.rows('select id from numbered where id in (6, 8)')).toHaveLength(end === bySql ? 2 : 0);
      await tables.views.write.statement('insert into numbered values (7)', []);
      await selects(kept, async () => expect(String((await numbered.get('7'))?.id)).toBe('7'));
      expect(read.mock.calls.filter(([sql]) => sql.startsWith('select'))).toHaveLength(1);
    }
  });
});
