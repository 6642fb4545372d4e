import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Account, KeyedBy, Metadata, NewEntry, Payment, Row, Store, StoredEntry, Target } from '../contract.js';
import { TYPE } from '../contract.js';
import { Turns } from './turns.js';
import { SqliteReadModels } from './sqlite-read-models.js';

const BATCH = 1_000;

type Entry = [position: number, stream: string, version: number, data: string, metadata: string];

/** A log by hand over better-sqlite3. It keeps the promises of the log, and does nothing else. */
export class SqliteStore implements Store {
  private readonly db: Database.Database;
  private readonly readModels: SqliteReadModels;
  private readonly turns = new Turns<NewEntry>((entries) => this.appendTogether(entries));
  private readonly version: Database.Statement<[string], number>;
  private readonly insert: Database.Statement;

  constructor(
    { folder }: Target,
    /** One transaction an append, or one for what the process appends within a turn of the event loop. */
    private readonly mode: 'each' | 'batched',
  ) {
    this.db = openDurable(join(folder, 'limit.sqlite'));
    this.db.exec(`create table if not exists events (
      position integer primary key not null, stream text not null, version integer not null, type text not null,
      data text not null, metadata text not null, recorded_at integer not null, unique (stream, version))`);
    // The plus keeps SQLite from planning the statement anew for each stream.
    this.version = this.db.prepare('select max(version) from events where stream = +?').pluck() as never;
    this.insert = this.db.prepare(
      'insert into events (stream, version, type, data, metadata, recorded_at) values (?, ?, ?, ?, ?, ?)',
    );
    this.readModels = new SqliteReadModels(openDurable(join(folder, 'limit-views.sqlite')), (after) =>
      this.batchAfter(after),
    );
  }

  async append(entry: NewEntry): Promise<void> {
    if (this.mode === 'batched') return this.turns.add(entry);
    const [refusal] = this.appendTogether([entry]);
    if (refusal) throw refusal;
  }

  async fill(entries: readonly NewEntry[]): Promise<void> {
    this.appendTogether(entries);
  }

  async *replay(): AsyncIterable<readonly StoredEntry[]> {
    for (let after = 0; ;) {
      const batch = this.batchAfter(after);
      if (batch.length === 0) return;
      after = batch.at(-1)!.position;
      yield batch;
    }
  }

  async load(id: string): Promise<Account> {
    const select = this.prepared('select version, type, data from events where stream = +? order by version');
    const rows = select.all(`account-${id}`) as [number, string, string][];
    let [version, total] = [0, 0];
    for (const row of rows) {
      version = row[0];
      total += (JSON.parse(row[2]) as Payment).amount;
    }
    return { version, total };
  }

  async count(): Promise<number> {
    return this.db.prepare('select count(*) from events').pluck().get() as number;
  }

  async catchUp(by: KeyedBy): Promise<void> {
    this.readModels.catchUp(by, by);
  }

  async rebuild(): Promise<void> {
    this.readModels.rebuild();
  }

  async rows(by: KeyedBy): Promise<Row[]> {
    return this.readModels.rows(by);
  }

  async lag(by: KeyedBy): Promise<number> {
    const count = this.db.prepare('select count(*) from events where position > ?').pluck();
    return count.get(this.readModels.checkpoint(by)) as number;
  }

  async close(): Promise<void> {
    this.readModels.close();
    this.db.close();
  }

  private batchAfter(after: number): StoredEntry[] {
    const select = this.prepared(
      `select position, stream, version, data, metadata from events where position > ? order by position limit ${BATCH}`,
    );
    return (select.all(after) as Entry[]).map(([position, stream, version, data, metadata]) => ({
      position,
      stream,
      version,
      data: JSON.parse(data) as Payment,
      metadata: JSON.parse(metadata) as Metadata,
    }));
  }

  /** Returns the refusal of each entry, if it was refused. */
  private appendTogether(entries: readonly NewEntry[]): (Error | undefined)[] {
    this.db.exec('begin immediate');
    try {
      const recordedAt = Date.now();
      const refusals = entries.map(({ stream, expected, data, metadata }) => {
        const actual = this.version.get(stream) ?? 0;
        if (actual !== expected) return new Error(`${stream} is at ${actual}, not at ${expected}.`);
        this.insert.run(stream, expected + 1, TYPE, JSON.stringify(data), JSON.stringify(metadata), recordedAt);
        return undefined;
      });
      this.db.exec('commit');
      return refusals;
    } catch (error) {
      this.db.exec('rollback');
      throw error;
    }
  }

  private readonly statements = new Map<string, Database.Statement>();

  private prepared(sql: string): Database.Statement {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.db.prepare(sql).raw()));
    return statement;
  }
}

function openDurable(file: string): Database.Database {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  return db;
}
