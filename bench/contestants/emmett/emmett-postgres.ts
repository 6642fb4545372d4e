import type pg from 'pg';
import { importOf } from '../../harness/peers.js';
import type { Message, Streams } from './messages.js';

// What is used of Emmett's packages. They are not installed in this repository, so its compiler can't see their types.

export interface EventStore extends Streams {
  consumer(options: {
    stopWhen: { noMessagesLeft: boolean };
    pulling: { batchSize: number; pullingFrequencyInMs: number };
  }): Consumer;
  close(): Promise<void>;
  readonly schema: { migrate(): Promise<unknown> };
}

export interface Consumer {
  projector(options: { processorId: string; projection: Projection }): unknown;
  /** Settles when no messages are left, or when a projection has failed. */
  start(): Promise<void>;
}

export interface Projection {
  readonly name: string;
}

/** A statement with its values in it. */
type Sql = string;

export interface EmmettPostgres {
  getPostgreSQLEventStore(url: string, options: { connectionOptions: { pool: pg.Pool } }): EventStore;
  readMessagesBatch(
    execute: Execute,
    options: { after: bigint; batchSize: number },
  ): Promise<{ messages: Message[]; currentGlobalPosition: bigint }>;
  readProcessorCheckpoint(
    execute: Execute,
    options: { processorId: string },
  ): Promise<{ lastProcessedCheckpoint: bigint | null }>;
  postgreSQLRawSQLProjection(options: {
    name: string;
    canHandle: readonly string[];
    init: () => Sql;
    evolve: (event: Message) => Sql;
  }): Projection;
}

export interface Dumbo {
  dumbo(options: { connectionString: string; pool: pg.Pool }): { readonly execute: Execute };
  /** `%L` is a value, and `%I` a name. */
  sql(text: string, ...values: readonly (string | number)[]): Sql;
}

export interface Execute {
  query(statement: Sql): Promise<unknown>;
}

export const importEmmett = (): Promise<EmmettPostgres> =>
  importOf('emmett', '@event-driven-io/emmett-postgresql') as Promise<EmmettPostgres>;
export const importDumbo = (): Promise<Dumbo> => importOf('emmett', '@event-driven-io/dumbo') as Promise<Dumbo>;
export const importPg = async (): Promise<typeof pg> =>
  ((await importOf('emmett', 'pg')) as { default: typeof pg }).default;
