/** What the contestants have in common: the events, and what a store must be able to do. */

export type Engine = 'sqlite' | 'postgres';
export const ENGINES: readonly Engine[] = ['sqlite', 'postgres'];

/** A database for one run. */
export interface Target {
  readonly engine: Engine;
  /** The folder of SQLite's files. */
  readonly folder: string;
  /** URL of the PostgreSQL database; empty on SQLite. */
  readonly url: string;
}

/** Data of an event: about 250 bytes of JSON. */
export interface Payment {
  readonly accountId: string;
  readonly productId: string;
  readonly country: string;
  readonly month: number;
  readonly amount: number;
  readonly bookedAt: string;
  readonly note: string;
}

export interface Metadata {
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string;
}

/** An event to store. */
export interface NewEntry {
  /** `account-<id>` */
  readonly stream: string;
  /** Version of the stream before this event. */
  readonly expected: number;
  readonly data: Payment;
  readonly metadata: Metadata;
}

/** A stored event, with parsed data and metadata. */
export interface StoredEntry {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly data: Payment;
  readonly metadata: Metadata;
}

export const TYPE = 'accounts.payment-booked';

/** What the rows of a read model are keyed by: the stream's id, another field of the event, or two fields. */
export type KeyedBy = 'stream' | 'field' | 'composite';

/** A row of a read model. Both parts of a composite key are joined by a slash in `key`. */
export interface Row {
  readonly key: string;
  readonly events: number;
  readonly total: number;
  /** `bookedAt` of the last event. */
  readonly last: string;
}

/** State of an aggregate. */
export interface Account {
  readonly version: number;
  readonly total: number;
}

/** A contestant, opened on one database. */
export interface Store {
  /** Whether positions have holes, and a replay has another order than theirs. Default: no. */
  readonly hasLoosePositions?: boolean;
  /** Settles after the commit. Throws when the stream is not at `expected`. */
  append(entry: NewEntry): Promise<void>;
  /** Stores entries together, as fast as it can. Those of one stream follow one another. */
  fill(entries: readonly NewEntry[]): Promise<void>;
  /** Everything in global order, in batches. */
  replay(): AsyncIterable<readonly StoredEntry[]>;
  /** Folds the events of one stream. */
  load?(id: string): Promise<Account>;
  /** Number of stored events. */
  count(): Promise<number>;
  /** Runs a read model from the beginning up to `head`. */
  catchUp?(by: KeyedBy, head: number): Promise<void>;
  /** Makes the rows by stream anew while the old ones serve. They are complete before. */
  rebuild?(head: number): Promise<void>;
  rows?(by: KeyedBy): Promise<Row[]>;
  /** Number of events after the checkpoint of a read model: a restart would handle them again. */
  lag?(by: KeyedBy): Promise<number>;
  close(): Promise<void>;
}

/** How a store is opened. */
export interface OpenOptions {
  /** `fill`: a new database is set up for reading workloads. Default: `run`. */
  readonly use?: 'fill' | 'run';
  /** Whether read models are needed. */
  readonly readModels?: boolean;
}

export type OpenStore = (target: Target, options?: OpenOptions) => Promise<Store>;

/** A wrong result: the contestant lost something, or answered wrongly. Not a slow one. */
export class WrongResultError extends Error {
  override readonly name = 'WrongResultError';
}
