import type pg from 'pg';
import type {
  Account,
  KeyedBy,
  NewEntry,
  OpenOptions,
  OpenStore,
  Row,
  Store,
  StoredEntry,
  Target,
} from '../../contract.js';
import { ByStream, type Filling, InOrder } from '../filling.js';
import {
  type Dumbo,
  type EmmettPostgres,
  type EventStore,
  type Execute,
  importDumbo,
  importEmmett,
  importPg,
} from './emmett-postgres.js';
import { appendTo, entryOf, loadFrom } from './messages.js';
import { EmmettReadModels } from './read-models.js';

const LEAST_BATCH = 1_000;

/** Emmett's event store on PostgreSQL. */
export class EmmettStore implements Store {
  /** Its positions come from a sequence, and a replay is in the order of transactions. */
  readonly hasLoosePositions = true;
  private readonly execute: Execute;
  private readonly readModels: EmmettReadModels;
  private readonly filling: Filling;

  private constructor(
    private readonly emmett: EmmettPostgres,
    private readonly events: EventStore,
    private readonly pool: pg.Pool,
    url: string,
    dumbo: Dumbo,
    { readModels }: OpenOptions,
  ) {
    const append = (entries: readonly NewEntry[]): Promise<void> => appendTo(events, entries);
    this.filling = readModels ? new InOrder(append) : new ByStream(append);
    this.execute = dumbo.dumbo({ connectionString: url, pool }).execute;
    this.readModels = new EmmettReadModels(emmett, events, pool, dumbo);
  }

  static async open({ url }: Target, options: OpenOptions = {}): Promise<EmmettStore> {
    const [emmett, dumbo, { Pool }] = await Promise.all([importEmmett(), importDumbo(), importPg()]);
    // Filling does not wait for the disk. Otherwise the pool is like the one that Emmett makes.
    const settings = options.use === 'fill' && { options: '-c synchronous_commit=off' };
    const pool = new Pool({ connectionString: url, ...settings });
    // A connection that ends while it is idle, because its database is dropped, does not end the process.
    pool.on('error', () => undefined);
    const events = emmett.getPostgreSQLEventStore(url, { connectionOptions: { pool } });
    await events.schema.migrate();
    return new EmmettStore(emmett, events, pool, url, dumbo, options);
  }

  append(entry: NewEntry): Promise<void> {
    return appendTo(this.events, [entry]);
  }

  fill(entries: readonly NewEntry[]): Promise<void> {
    return this.filling.add(entries);
  }

  replay(): AsyncIterable<readonly StoredEntry[]> {
    return this.replayAfter(0n);
  }

  load(id: string): Promise<Account> {
    return loadFrom(this.events, id);
  }

  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>('select count(*) from emt_messages');
    return Number(rows[0]!.count);
  }

  async catchUp(by: KeyedBy): Promise<void> {
    await this.readModels.catchUp(by, await this.batchSize());
  }

  async lag(by: KeyedBy): Promise<number> {
    let lag = 0;
    const checkpoint = await this.readModels.checkpoint(by, this.execute);
    for await (const batch of this.replayAfter(checkpoint)) lag += batch.length;
    return lag;
  }

  rows(by: KeyedBy): Promise<Row[]> {
    return this.readModels.rows(by);
  }

  async close(): Promise<void> {
    await this.filling.flush();
    await this.events.close();
    await this.pool.end();
  }

  private async *replayAfter(position: bigint): AsyncIterable<readonly StoredEntry[]> {
    const batchSize = await this.batchSize();
    for (let after = position; ;) {
      const { messages, currentGlobalPosition } = await this.emmett.readMessagesBatch(this.execute, {
        after,
        batchSize,
      });
      if (messages.length === 0) return;
      after = currentGlobalPosition;
      yield messages.map(entryOf);
    }
  }

  /** Emmett has no index by position: each batch reads the whole table. So a large log is read in large batches. */
  private async batchSize(): Promise<number> {
    return Math.max(LEAST_BATCH, Math.ceil((await this.count()) / 100));
  }
}

export const openEmmett: OpenStore = (target, options) => EmmettStore.open(target, options);
