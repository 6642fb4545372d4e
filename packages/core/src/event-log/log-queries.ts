import type { Dialect } from '../databases/dialects/dialect.js';
import type { RecordedEvent } from './recorded-event.js';

/** Positions after `after`, up to and including `upTo`. */
export interface PositionRange {
  readonly after: number;
  readonly upTo: number;
}

/** Reads of the log. They throw EventLogUnavailableError when the database does not answer but may do so later. */
export interface LogQueries {
  readonly dialect: Dialect;
  /** Runs a read; placeholders are question marks. */
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  /** Runs a prepared read of a few rows, which are arrays of values. There must be few different texts. */
  values(sql: string, parameters: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
  /** Runs a prepared read of a few events: it selects `COLUMNS`. There must be few different texts. */
  events(sql: string, parameters: readonly unknown[]): Promise<RecordedEvent[]>;
  /** The same for many events: no other read waits for it. */
  slice(sql: string, parameters: readonly unknown[]): Promise<RecordedEvent[]>;
  /** Runs work that reads the log's database by other means. */
  answered<T>(read: () => Promise<T>): Promise<T>;
}
