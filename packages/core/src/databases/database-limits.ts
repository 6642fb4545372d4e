/** Time limits for waiting on a database, in ms. Tests set shorter ones. */
export class DatabaseLimits {
  /** PostgreSQL cancels an append after this time. */
  readonly append: number = 5_000;
  /** How long an append is retried after its connection broke, counted from the first break. */
  readonly reconnect: number = 4_000;
  /** PostgreSQL ends a transaction that is idle for longer, so that a frozen process does not keep rows locked. */
  readonly idleTransaction: number = 10_000;
  /** How long a transaction on SQLite waits for another process that writes to the same file. */
  readonly otherWriter: number = 5_000;
  /** Interval between checks of the size of SQLite's write-ahead log, which a long read can let grow. */
  readonly walCheck: number = 10_000;
}
