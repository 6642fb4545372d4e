import type { DatabaseKind } from '../database-url.js';

/**
 * The SQL that differs between the databases. The kernel's other SQL is the same on both, with question marks as
 * placeholders. See `dialectOf`, and `WriteDatabase.dialect`.
 */
export interface Dialect {
  readonly kind: DatabaseKind;

  /** The statement with the placeholders of the driver. */
  withPlaceholders(sql: string): string;

  /** The database's clock: whole ms since 1970, UTC, rounded down. Rounded up, it would be ahead of the clock. */
  readonly now: string;

  /**
   * End of a select whose rows stay locked until the transaction ends. Empty where each transaction excludes all other
   * writers.
   */
  readonly forUpdate: string;

  /** Like `forUpdate`, but leaves out rows that another transaction has locked. */
  readonly forUpdateSkipLocked: string;

  /**
   * A statement that keeps other writers out of a table until the transaction ends. Undefined where each transaction
   * does so.
   */
  lockTable(table: string): string | undefined;

  /** Condition: `column` is one of a list of values. It has one placeholder, whose parameter is made by `list`. */
  isAnyOf(column: string): string;

  /** A list of texts, or of whole numbers, as one parameter. */
  list(values: readonly string[] | readonly number[]): unknown;

  /**
   * A table with one row for each element of a JSON array, which is the parameter of its placeholder. Its column
   * `value` is JSON.
   */
  readonly jsonElements: string;

  /** Like `jsonElements`, for an array of texts. Its column `value` is text. */
  readonly jsonTexts: string;

  /**
   * A table of pairs, a whole number and a text. The parameters of its placeholders are made by `listOfPairs`; the arguments are
   * the names of its columns.
   */
  pairs(number: string, text: string): string;

  listOfPairs(pairs: readonly (readonly [number: number, text: string])[]): readonly unknown[];

  /** The text before the first hyphen of a text. */
  beforeHyphen(text: string): string;

  /** The events with one value in `column` in a range of positions, in an order that an index on both columns has. */
  valueInRange(column: string, position: string, direction: 'asc' | 'desc'): ValueInRange;

  /** Column `bytes`: the disk space of these tables with their indexes. On SQLite it is that of the whole file. */
  sizeOf(tables: readonly string[]): string;

  /**
   * A statement that notifies the other processes; its parameter is the channel. Undefined where they watch the file
   * instead, and so see each write without knowing what it is about.
   */
  readonly notify: string | undefined;

  /** A text as the id of an event. */
  eventId(text: string): string;

  /** A statement that keeps appends out until the transaction ends. Undefined where each transaction does so. */
  lockAppends(key: number): string | undefined;

  /** A select of one row: whether a table, named by its parameter, is where new tables are made, and this role may read it. */
  readonly hasTable: string;

  /** A select of the `name` of each table that is not the database's own. */
  readonly tables: string;

  /** The statements, so that they may make and drop temporary tables on a connection that otherwise only reads. */
  whereTemporary(statements: readonly string[]): readonly string[];

  /** Whether the processes that share it are nodes, so that subscriptions are spread over them. */
  readonly hasNodes: boolean;

  /**
   * Whether two values of a column differ in any way: nulls count as values, and case-insensitive collations are
   * ignored.
   */
  differs(one: string, other: string): string;

  /** A value for JSON: bytes as hex, and numbers that JavaScript would round as text. */
  forJson(value: string): string;
}

/** See `Dialect.valueInRange`. */
export interface ValueInRange {
  readonly where: string;
  readonly orderBy: string;
  /** The parameters of `where`, for positions after `after` up to and including `upTo`. */
  parameters(value: unknown, after: number, upTo: number): readonly unknown[];
}
