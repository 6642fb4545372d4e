import type pg from 'pg';
import { type KeyedBy, type Row, TYPE } from '../../contract.js';
import { keyOf } from '../../workloads/dataset.js';
import type { Dumbo, EmmettPostgres, EventStore, Execute, Projection } from './emmett-postgres.js';

/**
 * Read models of Emmett on PostgreSQL: a consumer with a projection in SQL. It handles event by event, and stores the checkpoint
 * after each; a transaction has the events of a batch.
 */
export class EmmettReadModels {
  constructor(
    private readonly emmett: EmmettPostgres,
    private readonly events: EventStore,
    private readonly pool: pg.Pool,
    private readonly dumbo: Dumbo,
  ) {}

  async catchUp(by: KeyedBy, batchSize: number): Promise<void> {
    const consumer = this.events.consumer({
      stopWhen: { noMessagesLeft: true },
      // No wait between two batches.
      pulling: { batchSize, pullingFrequencyInMs: 0 },
    });
    consumer.projector({ processorId: by, projection: this.projection(by) });
    await consumer.start();
  }

  async checkpoint(by: KeyedBy, execute: Execute): Promise<bigint> {
    const { lastProcessedCheckpoint } = await this.emmett.readProcessorCheckpoint(execute, { processorId: by });
    return lastProcessedCheckpoint ?? 0n;
  }

  async rows(by: KeyedBy): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>(`select key, events, total, last from rows_${by}`);
    return rows;
  }

  private projection(by: KeyedBy): Projection {
    return this.emmett.postgreSQLRawSQLProjection({
      name: `rows_${by}`,
      canHandle: [TYPE],
      init: () =>
        this.dumbo.sql(
          'create table %I (key text primary key, events integer not null, total integer not null, last text not null)',
          `rows_${by}`,
        ),
      evolve: ({ data }) =>
        this.dumbo.sql(
          `insert into %I as row values (%L, 1, %s, %L) on conflict (key) do update
           set events = row.events + 1, total = row.total + excluded.total, last = excluded.last`,
          `rows_${by}`,
          keyOf(data, by),
          data.amount,
          data.bookedAt,
        ),
    });
  }
}
