import { importOf } from '../../harness/peers.js';
import type { Message, Streams } from '../emmett/messages.js';

// What is used of Emmett's package. It is not installed in this repository, so its compiler can't see its types.

type Values = readonly (string | number)[];

export interface Connection {
  command(sql: string, values?: Values): Promise<unknown>;
  query<T>(sql: string, values?: Values): Promise<T[]>;
  withTransaction<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface EventStore extends Streams {
  consumer(options: { pulling: { batchSize: number; pullingFrequencyInMs: number } }): Consumer;
  readonly schema: { migrate(): Promise<void> };
}

export interface Consumer {
  processor(options: {
    processorId: string;
    projection: Projection;
    /** `CURRENT`: at the checkpoint, or at the beginning if there is none. */
    startFrom: 'CURRENT';
    stopAfter: (event: Message) => boolean;
  }): unknown;
  /** Settles after `stopAfter`, or when a projection has failed. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Projection {
  readonly canHandle: readonly string[];
  handle(events: readonly Message[], context: { connection: Connection }): Promise<void>;
}

export interface EmmettSqlite {
  getSQLiteEventStore(options: {
    fileName: string;
    connectionOptions: { connection: Connection; singleton: true };
  }): EventStore;
  sqliteConnection(options: { fileName: string }): Connection;
  sqliteProjection(projection: Projection): Projection;
  readMessagesBatch(
    connection: Connection,
    options: { after: bigint; batchSize: number },
  ): Promise<{ messages: Message[]; currentGlobalPosition: bigint }>;
  readProcessorCheckpoint(
    connection: Connection,
    options: { processorId: string },
  ): Promise<{ lastProcessedPosition: bigint | null }>;
}

export const importEmmettSqlite = (): Promise<EmmettSqlite> =>
  importOf('emmett-sqlite', '@event-driven-io/emmett-sqlite') as Promise<EmmettSqlite>;
