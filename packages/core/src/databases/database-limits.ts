/** How long a database may keep this process waiting, in ms. Tests bring shorter ones. */
export class DatabaseLimits {
  /** PostgreSQL cancels an append after this. */
  readonly append: number = 5_000;
  /** An append whose connection broke is tried again for so long, counted from the first break. */
  readonly reconnect: number = 4_000;
  /** PostgreSQL ends a transaction that was idle for so long, so that a frozen process does not keep rows locked. */
  readonly idleTransaction: number = 10_000;
  /** A transaction on SQLite waits so long for another process that writes to the same file. */
  readonly otherWriter: number = 5_000;
  /** Every so many ms it is looked whether a long reader has let SQLite's write-ahead log grow, so that it is shrunk. */
  readonly walLook: number = 10_000;
}
