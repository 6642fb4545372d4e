import { type KeyedBy, type Row, TYPE } from '../../contract.js';
import { keyOf } from '../../workloads/dataset.js';
import type { Connection, EmmettSqlite, EventStore, Projection } from './emmett-sqlite.js';

/**
 * Read models of Emmett on SQLite: a consumer with a projection in SQL. It handles event by event, and stores the checkpoint after
 * each; a transaction has the events of a batch.
 */
export class EmmettSqliteReadModels {
  constructor(
    private readonly emmett: EmmettSqlite,
    private readonly events: EventStore,
    private readonly connection: Connection,
    private readonly batchSize: number,
  ) {}

  async catchUp(by: KeyedBy, head: number): Promise<void> {
    await this.connection.command(
      `create table rows_${by} (
         key text primary key not null, events integer not null, total integer not null, last text not null)`,
    );
    // No wait between two batches.
    const consumer = this.events.consumer({ pulling: { batchSize: this.batchSize, pullingFrequencyInMs: 0 } });
    consumer.processor({
      processorId: by,
      projection: this.projection(by),
      startFrom: 'CURRENT',
      stopAfter: ({ metadata }) => metadata.globalPosition === BigInt(head),
    });
    await consumer.start();
    await consumer.stop();
  }

  async checkpoint(by: KeyedBy): Promise<bigint> {
    const { lastProcessedPosition } = await this.emmett.readProcessorCheckpoint(this.connection, { processorId: by });
    return lastProcessedPosition ?? 0n;
  }

  rows(by: KeyedBy): Promise<Row[]> {
    return this.connection.query<Row>(`select key, events, total, last from rows_${by}`);
  }

  private projection(by: KeyedBy): Projection {
    const upsert = `insert into rows_${by} values (?, 1, ?, ?) on conflict (key) do update
                    set events = events + 1, total = total + excluded.total, last = excluded.last`;
    return this.emmett.sqliteProjection({
      canHandle: [TYPE],
      handle: async (events, { connection }) => {
        for (const { data } of events) {
          await connection.command(upsert, [keyOf(data, by), data.amount, data.bookedAt]);
        }
      },
    });
  }
}
