import type pg from 'pg';
import type { Account, Metadata, NewEntry, Payment, Store, StoredEntry, Target } from '../../contract.js';
import { TYPE } from '../../contract.js';
import { importOf } from '../../harness/peers.js';
import { ByStream } from '../by-stream.js';

const BATCH = 1_000;

interface Message {
  readonly type: string;
  readonly data: Payment;
  readonly metadata: Metadata & { streamName?: string; streamPosition?: bigint; globalPosition?: bigint };
}

/** What is used of `@event-driven-io/emmett-postgresql`. */
interface EventStore {
  appendToStream(
    stream: string,
    events: readonly Message[],
    options: { expectedStreamVersion: bigint },
  ): Promise<unknown>;
  aggregateStream(
    stream: string,
    options: { initialState: () => number; evolve: (total: number, event: Message) => number },
  ): Promise<{ currentStreamVersion: bigint; state: number }>;
  close(): Promise<void>;
  schema: { migrate(): Promise<unknown> };
}

interface EmmettPostgres {
  getPostgreSQLEventStore(url: string, options: { connectionOptions: { pool: pg.Pool } }): EventStore;
  readMessagesBatch(
    execute: unknown,
    options: { after: bigint; batchSize: number },
  ): Promise<{ messages: Message[]; currentGlobalPosition: bigint }>;
}

interface Dumbo {
  readonly dumbo: (options: { connectionString: string; pool: pg.Pool }) => { execute: unknown };
}

/** Emmett's event store on PostgreSQL. */
export class EmmettStore implements Store {
  /** Its positions come from a sequence, and a replay is in the order of transactions. */
  readonly hasLoosePositions = true;
  private readonly filling = new ByStream((entries) => this.appendTo(entries));

  private constructor(
    private readonly emmett: EmmettPostgres,
    private readonly events: EventStore,
    private readonly pool: pg.Pool,
    private readonly execute: unknown,
  ) {}

  static async open({ url }: Target): Promise<EmmettStore> {
    const emmett = (await importOf('emmett', '@event-driven-io/emmett-postgresql')) as EmmettPostgres;
    const { dumbo } = (await importOf('emmett', '@event-driven-io/dumbo')) as Dumbo;
    const { Pool } = ((await importOf('emmett', 'pg')) as { default: typeof pg }).default;
    // Like the pool that Emmett makes. But a connection that ends while it is idle, because its database is dropped, does not
    // end the process.
    const pool = new Pool({ connectionString: url });
    pool.on('error', () => undefined);
    const events = emmett.getPostgreSQLEventStore(url, { connectionOptions: { pool } });
    await events.schema.migrate();
    return new EmmettStore(emmett, events, pool, dumbo({ connectionString: url, pool }).execute);
  }

  append(entry: NewEntry): Promise<void> {
    return this.appendTo([entry]);
  }

  fill(entries: readonly NewEntry[]): Promise<void> {
    return this.filling.add(entries);
  }

  async *replay(): AsyncIterable<readonly StoredEntry[]> {
    for (let after = 0n; ;) {
      const options = { after, batchSize: BATCH };
      const { messages, currentGlobalPosition } = await this.emmett.readMessagesBatch(this.execute, options);
      if (messages.length === 0) return;
      after = currentGlobalPosition;
      yield messages.map(({ data, metadata }) => ({
        position: Number(metadata.globalPosition),
        stream: metadata.streamName!,
        version: Number(metadata.streamPosition),
        data,
        metadata,
      }));
    }
  }

  async load(id: string): Promise<Account> {
    const { currentStreamVersion, state } = await this.events.aggregateStream(`account-${id}`, {
      initialState: () => 0,
      evolve: (total, { data }) => total + data.amount,
    });
    return { version: Number(currentStreamVersion), total: state };
  }

  async count(): Promise<number> {
    let count = 0;
    for await (const batch of this.replay()) count += batch.length;
    return count;
  }

  async close(): Promise<void> {
    await this.filling.flush();
    await this.events.close();
    await this.pool.end();
  }

  private async appendTo(entries: readonly NewEntry[]): Promise<void> {
    const { stream, expected } = entries[0]!;
    await this.events.appendToStream(
      stream,
      entries.map(({ data, metadata }) => ({ type: TYPE, data, metadata })),
      // Not 'STREAM_DOES_NOT_EXIST', with which Emmett checks no version.
      { expectedStreamVersion: BigInt(expected) },
    );
  }
}

export const openEmmett = (target: Target): Promise<EmmettStore> => EmmettStore.open(target);
