import pg from 'pg';
import type { Account, KeyedBy, Metadata, NewEntry, Payment, Row, Store, StoredEntry, Target } from '../contract.js';
import { TYPE } from '../contract.js';
import { PostgresReadModels } from './postgres-read-models.js';
import { SCHEMA } from './postgres-schema.js';
import { Turns } from './turns.js';

const BATCH = 1_000;

type Entry = [position: string, stream: string, version: string, data: string, metadata: string];

/** A log by hand over pg. It keeps the promises of the log, and does nothing else. */
export class PostgresStore implements Store {
  private readonly turns = new Turns<NewEntry>(
    (entries) => this.appendTogether(entries),
    2,
    ({ stream }) => stream,
  );
  private readonly readModels: PostgresReadModels;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly mode: 'each' | 'batched',
  ) {
    this.readModels = new PostgresReadModels(pool, (after) => this.batchAfter(after));
  }

  static async open({ url }: Target, mode: 'each' | 'batched'): Promise<PostgresStore> {
    const pool = new pg.Pool({ connectionString: url, max: mode === 'each' ? 10 : 2 });
    // A connection that ends while it is idle, because its database is dropped, does not end the process.
    pool.on('error', () => undefined);
    for (const statement of SCHEMA) await pool.query(statement);
    return new PostgresStore(pool, mode);
  }

  async append(entry: NewEntry): Promise<void> {
    if (this.mode === 'batched') return this.turns.add(entry);
    const { rows } = await this.pool.query<[string]>({
      name: 'append-one',
      text: 'select append_one($1, $2, $3, $4, $5)',
      values: [entry.stream, entry.expected, TYPE, JSON.stringify(entry.data), JSON.stringify(entry.metadata)],
      rowMode: 'array',
    });
    const actual = Number(rows[0]![0]);
    if (actual !== entry.expected) throw refusalOf(entry, actual);
  }

  async fill(entries: readonly NewEntry[]): Promise<void> {
    const columns = entries.map(({ stream, expected, data, metadata }) => [
      stream,
      expected + 1,
      JSON.stringify(data),
      JSON.stringify(metadata),
    ]);
    await this.pool.query({
      name: 'fill',
      text: `insert into events
             select (select coalesce(max(position), 0) from events) + place, stream, version, $5, data, metadata, $6
               from unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
                    with ordinality n(stream, version, data, metadata, place)`,
      values: [...[0, 1, 2, 3].map((column) => columns.map((row) => row[column])), TYPE, Date.now()],
    });
  }

  async *replay(): AsyncIterable<readonly StoredEntry[]> {
    for (let after = 0; ;) {
      const batch = await this.batchAfter(after);
      if (batch.length === 0) return;
      after = batch.at(-1)!.position;
      yield batch;
    }
  }

  async load(id: string): Promise<Account> {
    const { rows } = await this.pool.query<[string, string, string]>({
      name: 'load',
      text: 'select version, type, data from events where stream = $1 order by version',
      values: [`account-${id}`],
      rowMode: 'array',
    });
    let [version, total] = [0, 0];
    for (const row of rows) {
      version = Number(row[0]);
      total += (JSON.parse(row[2]) as Payment).amount;
    }
    return { version, total };
  }

  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>('select count(*) from events');
    return Number(rows[0]!.count);
  }

  catchUp(by: KeyedBy): Promise<void> {
    return this.readModels.catchUp(by, by);
  }

  rebuild(): Promise<void> {
    return this.readModels.rebuild();
  }

  rows(by: KeyedBy): Promise<Row[]> {
    return this.readModels.rows(by);
  }

  async lag(by: KeyedBy): Promise<number> {
    const { rows } = await this.pool.query<{ lag: string }>(
      'select count(*) as lag from events where position > (select position from checkpoint where name = $1)',
      [by],
    );
    return Number(rows[0]!.lag);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async batchAfter(after: number): Promise<StoredEntry[]> {
    const { rows } = await this.pool.query<Entry>({
      name: 'batch',
      text: `select position, stream, version, data, metadata from events
              where position > $1 order by position limit ${BATCH}`,
      values: [after],
      rowMode: 'array',
    });
    return rows.map(([position, stream, version, data, metadata]) => ({
      position: Number(position),
      stream,
      version: Number(version),
      data: JSON.parse(data) as Payment,
      metadata: JSON.parse(metadata) as Metadata,
    }));
  }

  private async appendTogether(entries: readonly NewEntry[]): Promise<(Error | undefined)[]> {
    const { rows } = await this.pool.query<[string[]]>({
      name: 'append',
      text: 'select append_batch($1, $2, $3, $4, $5)',
      values: [
        entries.map(({ stream }) => stream),
        entries.map(({ expected }) => expected),
        entries.map(() => TYPE),
        entries.map(({ data }) => JSON.stringify(data)),
        entries.map(({ metadata }) => JSON.stringify(metadata)),
      ],
      rowMode: 'array',
    });
    const actuals = rows[0]![0];
    return entries.map((entry, index) => {
      const actual = Number(actuals[index]);
      return actual === entry.expected ? undefined : refusalOf(entry, actual);
    });
  }
}

function refusalOf({ stream, expected }: NewEntry, actual: number): Error {
  return new Error(`${stream} is at ${actual}, not at ${expected}.`);
}
