import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Account, Metadata, NewEntry, Payment, Store, StoredEntry, Target } from '../../contract.js';
import { TYPE } from '../../contract.js';
import { peerFolder } from '../../harness/peers.js';

const BATCH = 1_000;

/** What its own install script runs, without psql: all but roles and privileges. */
const FILES = [
  'schema/message-store',
  'extensions/pgcrypto',
  'tables/messages',
  'types/message',
  ...[
    'message-store-version',
    'hash-64',
    'acquire-lock',
    'category',
    'is-category',
    'id',
    'cardinal-id',
    'stream-version',
    'write-message',
    'get-stream-messages',
    'get-category-messages',
    'get-last-stream-message',
  ].map((name) => `functions/${name}`),
  ...['id', 'stream', 'category'].map((name) => `indexes/messages-${name}`),
];

type Row = [stream: string, position: string, global: string, data: string, metadata: string];

/** message-db: an event store in functions of PostgreSQL. */
export class MessageDbStore implements Store {
  /** Its positions come from a sequence. */
  readonly hasLoosePositions = true;

  private constructor(private readonly pool: pg.Pool) {}

  static async open({ url }: Target): Promise<MessageDbStore> {
    const options = '-c search_path=message_store,public';
    const pool = new pg.Pool({ connectionString: url, max: 10, options });
    // A connection that ends while it is idle, because its database is dropped, does not end the process.
    pool.on('error', () => undefined);
    const { rows } = await pool.query<{ found: string | null }>(
      `select to_regclass('message_store.messages') as found`,
    );
    if (rows[0]!.found === null) {
      const folder = join(peerFolder('message-db'), 'node_modules', '@eventide', 'message-db', 'database');
      for (const file of FILES) {
        const text = await readFile(join(folder, `${file}.sql`), 'utf8');
        // An index cannot be made concurrently in a batch of statements, and nobody else is here.
        await pool.query(text.replaceAll(/\bCONCURRENTLY\b/gi, ''));
      }
    }
    return new MessageDbStore(pool);
  }

  async append({ stream, expected, data, metadata }: NewEntry): Promise<void> {
    await this.pool.query({
      name: 'write',
      text: 'select write_message($1, $2, $3, $4, $5, $6)',
      values: [randomUUID(), stream, TYPE, JSON.stringify(data), JSON.stringify(metadata), expected - 1],
    });
  }

  async fill(entries: readonly NewEntry[]): Promise<void> {
    await this.pool.query({
      name: 'fill',
      text: `select write_message(id, stream, $6, data::jsonb, metadata::jsonb, expected)
               from unnest($1::varchar[], $2::varchar[], $3::text[], $4::text[], $5::bigint[])
                    as n(id, stream, data, metadata, expected)`,
      values: [
        entries.map(() => randomUUID()),
        entries.map(({ stream }) => stream),
        entries.map(({ data }) => JSON.stringify(data)),
        entries.map(({ metadata }) => JSON.stringify(metadata)),
        entries.map(({ expected }) => expected - 1),
        TYPE,
      ],
    });
  }

  async *replay(): AsyncIterable<readonly StoredEntry[]> {
    for (let from = 1; ;) {
      const { rows } = await this.pool.query<Row>({
        name: 'replay',
        text: `select stream_name, position, global_position, data, metadata from get_category_messages('account', $1, ${BATCH})`,
        values: [from],
        rowMode: 'array',
      });
      if (rows.length === 0) return;
      const batch = rows.map(([stream, position, global, data, metadata]) => ({
        position: Number(global),
        stream,
        version: Number(position) + 1,
        data: JSON.parse(data) as Payment,
        metadata: JSON.parse(metadata) as Metadata,
      }));
      from = batch.at(-1)!.position + 1;
      yield batch;
    }
  }

  async load(id: string): Promise<Account> {
    const { rows } = await this.pool.query<[string, string]>({
      name: 'load',
      text: 'select position, data from get_stream_messages($1, 0, -1)',
      values: [`account-${id}`],
      rowMode: 'array',
    });
    const total = rows.reduce((sum, [, data]) => sum + (JSON.parse(data) as Payment).amount, 0);
    return { version: Number(rows.at(-1)?.[0] ?? -1) + 1, total };
  }

  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>('select count(*) from messages');
    return Number(rows[0]!.count);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

export const openMessageDb = (target: Target): Promise<MessageDbStore> => MessageDbStore.open(target);
