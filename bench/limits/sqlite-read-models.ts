import type Database from 'better-sqlite3';
import type { KeyedBy, Row, StoredEntry } from '../contract.js';
import { Fold } from './fold.js';

/** A read model by hand: fold a batch in a map, then one multi-row upsert and the checkpoint in one transaction. */
export class SqliteReadModels {
  private readonly upserts = new Map<string, Database.Statement>();

  constructor(
    private readonly db: Database.Database,
    private readonly batchAfter: (position: number) => readonly StoredEntry[],
  ) {
    db.exec('create table if not exists checkpoint (name text primary key, position integer not null)');
  }

  catchUp(by: KeyedBy, table: string): void {
    this.db.exec(`create table rows_${table} (
      key text primary key not null, events integer not null, total integer not null, last text not null)`);
    this.db.prepare('insert or replace into checkpoint values (?, 0)').run(table);
    const checkpoint = this.db.prepare('update checkpoint set position = ? where name = ?');
    const fold = new Fold(by);
    for (let after = 0; ;) {
      // The driver is synchronous: there is nothing to prefetch.
      const batch = this.batchAfter(after);
      if (batch.length === 0) return;
      after = batch.at(-1)!.position;
      const rows = fold.apply(batch);
      this.db.exec('begin immediate');
      this.upsert(table, rows);
      checkpoint.run(after, table);
      this.db.exec('commit');
    }
  }

  rebuild(): void {
    this.catchUp('stream', 'shadow');
    this.db.exec('begin immediate; drop table rows_stream; alter table rows_shadow rename to rows_stream; commit');
  }

  rows(by: KeyedBy): Row[] {
    return this.db.prepare(`select key, events, total, last from rows_${by}`).all() as Row[];
  }

  checkpoint(by: KeyedBy): number {
    return this.db.prepare('select position from checkpoint where name = ?').pluck().get(by) as number;
  }

  close(): void {
    this.db.close();
  }

  private upsert(table: string, rows: readonly Row[]): void {
    const name = `${table} ${rows.length}`;
    let statement = this.upserts.get(name);
    if (!statement) {
      const values = rows.map(() => '(?, ?, ?, ?)').join(', ');
      statement = this.db.prepare(
        `insert into rows_${table} values ${values} on conflict (key) do update
         set events = excluded.events, total = excluded.total, last = excluded.last`,
      );
      this.upserts.set(name, statement);
    }
    statement.run(rows.flatMap(({ key, events, total, last }) => [key, events, total, last]));
  }
}
