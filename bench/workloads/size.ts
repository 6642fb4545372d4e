import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Target } from '../contract.js';
import { WrongResultError } from '../contract.js';
import { REPLAY } from './replay.js';
import type { Figures, RowOfTable, Workload } from './workload.js';

const LIMIT = { contestant: 'batched' };
const row = (key: string, title: string): RowOfTable => ({ key, title, unit: 'bytes', isTime: true, limit: LIMIT });

interface Size {
  readonly all: number;
  readonly indexes: number;
}

/** What an event takes on disk, and its part in indexes. */
export const SIZE: Workload = {
  id: 'size',
  contestants: ['batched', 'leftfold'],
  isOnce: true,
  rows: [row('size', 'an event on disk'), row('size of indexes', 'of these, its entries in indexes')],
  data: REPLAY.data!,
  run: async (open, target): Promise<Figures> => {
    const store = await open(target);
    const count = await store.count();
    await store.close();
    const { all, indexes } = target.engine === 'sqlite' ? await sizeOfFiles(target) : await sizeOfDatabase(target);
    if (count === 0 || all <= indexes) throw new WrongResultError(`${count} events take ${all} bytes`);
    return { size: { value: all / count }, 'size of indexes': { value: indexes / count } };
  },
};

async function sizeOfFiles({ folder }: Target): Promise<Size> {
  const { default: Database } = await import('better-sqlite3');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sqlite') && !name.includes('views'));
  let [all, indexes] = [0, 0];
  for (const name of names) {
    all += (await stat(join(folder, name))).size;
    const db = new Database(join(folder, name), { readonly: true });
    const bytes = db
      .prepare(`select sum(pgsize) from dbstat where name in (select name from sqlite_schema where type = 'index')`)
      .pluck()
      .get();
    indexes += Number(bytes ?? 0);
    db.close();
  }
  return { all, indexes };
}

async function sizeOfDatabase({ url }: Target): Promise<Size> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ all: string; indexes: string }>(
    `select sum(pg_total_relation_size(relid)) as all, sum(pg_indexes_size(relid)) as indexes from pg_stat_user_tables`,
  );
  await client.end();
  return { all: Number(rows[0]!.all), indexes: Number(rows[0]!.indexes) };
}
