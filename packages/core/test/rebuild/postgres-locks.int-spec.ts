import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { useCounterTables, TABLES } from './counter-tables.js';

describe('a swap of PostgreSQL tables', () => {
  const shadows = shadowTablesFor('postgres');
  const tables = useCounterTables('postgres');

  it('gives up during a long read of a table, and succeeds afterwards', async () => {
    await tables.write.transaction((manager) => shadows.create(manager, TABLES));
    await tables.write.transaction((manager) => manager.query(`insert into rebuild_notes values (1, 'new')`));
    const reader = tables.views.read.createQueryRunner();
    await reader.startTransaction();
    await reader.query('select 1 from notes');
    const started = Date.now();

    const swapped = tables.write.transaction((manager) => shadows.swap(manager, TABLES));

    await expect(swapped).rejects.toMatchObject({ code: '55P03' });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(await reader.query('select id from notes')).toEqual([]);
    await reader.commitTransaction();
    await reader.release();
    await tables.write.transaction((manager) => shadows.swap(manager, TABLES));
    expect(await tables.views.read.query('select id from notes')).toEqual([{ id: 1 }]);
  });

  it('waits for a vacuum without blocking readers', async () => {
    await tables.reset();
    await tables.write.transaction((manager) => shadows.create(manager, TABLES));
    const vacuum = tables.write.dataSource.createQueryRunner();
    await vacuum.startTransaction();
    await vacuum.query('lock table notes in share update exclusive mode');

    const swapped = tables.write.transaction((manager) => shadows.swap(manager, TABLES));
    await until(async () => (await waiting('ShareUpdateExclusiveLock')) === 1);
    const longerThanReadersGet = Date.now() + 1_200;
    while (Date.now() < longerThanReadersGet) {
      expect(await tables.views.read.query('select * from notes, counter_view')).toEqual([]);
    }
    await vacuum.commitTransaction();
    await vacuum.release();

    await expect(swapped).resolves.toBeUndefined();
  });

  it('gives up before a deadlock would cancel a reader of two tables', async () => {
    await tables.reset();
    await tables.write.transaction((manager) => shadows.create(manager, TABLES));
    const [one, other] = [tables.views.read.createQueryRunner(), tables.views.read.createQueryRunner()];
    for (const reader of [one, other]) await reader.startTransaction();
    await one.query('select 1 from counter_view');
    await other.query('select 1 from notes');

    let over = false;
    const swapped = tables.write
      .transaction((manager) => shadows.swap(manager, TABLES))
      .catch((error: Error) => error)
      .finally(() => (over = true));
    // On a loaded machine the swap may have given up before this check.
    await until(async () => over || (await waiting('AccessExclusiveLock')) === 1);
    // It waits behind the swap, and longest of all, so PostgreSQL would cancel it first.
    const read = other.query('select 1 from counter_view');
    await until(async () => over || (await waiting('AccessShareLock')) === 1);
    await one.commitTransaction();

    expect(await read).toEqual([]);
    expect(await swapped).toMatchObject({ code: '55P03' });
    await other.commitTransaction();
    for (const reader of [one, other]) await reader.release();
  });

  async function waiting(mode: string): Promise<number> {
    const rows = await tables.write.dataSource.query<unknown[]>(
      `select 1 from pg_locks join pg_database on pg_database.oid = database
        where datname = current_database() and not granted and mode = $1`,
      [mode],
    );
    return rows.length;
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
