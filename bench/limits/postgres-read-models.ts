import type pg from 'pg';
import type { KeyedBy, Row, StoredEntry } from '../contract.js';
import { Fold } from './fold.js';

/**
 * A read model by hand: fold a batch in a map, then one statement that upserts the rows and moves the checkpoint, while the
 * next batch is read.
 */
export class PostgresReadModels {
  constructor(
    private readonly pool: pg.Pool,
    private readonly batchAfter: (position: number) => Promise<readonly StoredEntry[]>,
  ) {}

  async catchUp(by: KeyedBy, table: string): Promise<void> {
    await this.pool.query(`create table rows_${table} (
      key text primary key, events integer not null, total integer not null, last text not null)`);
    await this.pool.query('create table if not exists checkpoint (name text primary key, position bigint not null)');
    await this.pool.query('insert into checkpoint values ($1, 0)', [table]);
    const fold = new Fold(by);
    let written: Promise<unknown> = Promise.resolve();
    for (let next = this.batchAfter(0); ;) {
      const batch = await next;
      if (batch.length === 0) break;
      const after = batch.at(-1)!.position;
      next = this.batchAfter(after);
      const rows = fold.apply(batch).map((row) => ({ ...row }));
      await written;
      written = this.write(table, rows, after);
    }
    await written;
  }

  async rebuild(): Promise<void> {
    await this.catchUp('stream', 'shadow');
    await this.pool.query('begin; drop table rows_stream; alter table rows_shadow rename to rows_stream; commit');
  }

  async rows(by: KeyedBy): Promise<Row[]> {
    return (await this.pool.query<Row>(`select key, events, total, last from rows_${by}`)).rows;
  }

  private write(table: string, rows: readonly Row[], position: number): Promise<unknown> {
    return this.pool.query({
      name: `upsert-${table}`,
      text: `with moved as (update checkpoint set position = $5 where name = $6)
             insert into rows_${table}
             select * from unnest($1::text[], $2::integer[], $3::integer[], $4::text[])
             on conflict (key) do update
             set events = excluded.events, total = excluded.total, last = excluded.last`,
      values: [
        rows.map(({ key }) => key),
        rows.map(({ events }) => events),
        rows.map(({ total }) => total),
        rows.map(({ last }) => last),
        position,
        table,
      ],
    });
  }
}
