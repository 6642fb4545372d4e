import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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
import { appendTo, entryOf, loadFrom } from '../emmett/messages.js';
import { ByStream, type Filling, InOrder } from '../filling.js';
import { type Connection, type EmmettSqlite, type EventStore, importEmmettSqlite } from './emmett-sqlite.js';
import { EmmettSqliteReadModels } from './read-models.js';

const BATCH = 1_000;
/** The longest that connections may take to close, in ms. */
const CLOSE_LIMIT = 60_000;

/** Emmett's event store on SQLite. */
export class EmmettSqliteStore implements Store {
  private readonly readModels: EmmettSqliteReadModels;
  private readonly filling: Filling;

  private constructor(
    private readonly emmett: EmmettSqlite,
    private readonly events: EventStore,
    private readonly connection: Connection,
    private readonly file: string,
    { readModels }: OpenOptions,
  ) {
    this.readModels = new EmmettSqliteReadModels(emmett, events, connection, BATCH);
    const append = (entries: readonly NewEntry[]): Promise<void> => appendTo(events, entries);
    this.filling = readModels ? new InOrder(append) : new ByStream(append);
  }

  static async open({ folder }: Target, options: OpenOptions = {}): Promise<EmmettSqliteStore> {
    const emmett = await importEmmettSqlite();
    const fileName = join(folder, 'emmett.sqlite');
    const connection = emmett.sqliteConnection({ fileName });
    // By default each operation opens a connection of its own. Then some appends fail, even those of one caller, because the
    // commit and the opening of the connection are not in order.
    const events = emmett.getSQLiteEventStore({ fileName, connectionOptions: { connection, singleton: true } });
    await events.schema.migrate();
    return new EmmettSqliteStore(emmett, events, connection, fileName, options);
  }

  append(entry: NewEntry): Promise<void> {
    return appendTo(this.events, [entry]);
  }

  fill(entries: readonly NewEntry[]): Promise<void> {
    return this.connection.withTransaction(() => this.filling.add(entries));
  }

  replay(): AsyncIterable<readonly StoredEntry[]> {
    return this.replayAfter(0n);
  }

  load(id: string): Promise<Account> {
    return loadFrom(this.events, id);
  }

  async count(): Promise<number> {
    const [row] = await this.connection.query<{ count: number }>('select count(*) as count from emt_messages');
    return row!.count;
  }

  catchUp(by: KeyedBy, head: number): Promise<void> {
    return this.readModels.catchUp(by, head);
  }

  async lag(by: KeyedBy): Promise<number> {
    let lag = 0;
    const checkpoint = await this.readModels.checkpoint(by);
    for await (const batch of this.replayAfter(checkpoint)) lag += batch.length;
    return lag;
  }

  rows(by: KeyedBy): Promise<Row[]> {
    return this.readModels.rows(by);
  }

  async close(): Promise<void> {
    await this.connection.withTransaction(() => this.filling.flush());
    this.connection.close();
    await this.isClosed();
  }

  /** Emmett does not say when its connections are closed. SQLite deletes the WAL with the last one. */
  private async isClosed(): Promise<void> {
    const end = performance.now() + CLOSE_LIMIT;
    while (existsSync(`${this.file}-wal`)) {
      if (performance.now() > end) throw new Error(`A connection to ${this.file} has not closed.`);
      await delay(5);
    }
  }

  private async *replayAfter(position: bigint): AsyncIterable<readonly StoredEntry[]> {
    for (let after = position; ;) {
      const options = { after, batchSize: BATCH };
      const { messages, currentGlobalPosition } = await this.emmett.readMessagesBatch(this.connection, options);
      if (messages.length === 0) return;
      after = currentGlobalPosition;
      yield messages.map(entryOf);
    }
  }
}

export const openEmmettSqlite: OpenStore = (target, options) => EmmettSqliteStore.open(target, options);
