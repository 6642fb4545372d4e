/** Limits on waiting for a database, in ms, and on connections to it. Tests set smaller ones. */
export class DatabaseLimits {
  /**
   * How many connections to PostgreSQL each pool of this process may have open; at least 3. There are four pools: for
   * writing and for reading, of the log and of the read models. One more connection listens for new events. Each replica
   * has a pool of its own, and one more connection that checks it.
   */
  readonly connections: number = 10;
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
  /** How many chunks of look-ups are stored together on SQLite. Twice as many may be in memory, each about 25 KB. */
  readonly lookUpsTogether: number = 64;
  /** After so long without another full chunk, the look-ups in memory are stored. */
  readonly quietLookUps: number = 1_000;
  /** Interval between checks of a replica that answers queries. */
  readonly replicaCheck: number = 1_000;
  /** A replica that does not answer a check for this long is left out. */
  readonly replicaAnswer: number = 2_000;
  /** Pause before a replica that was left out is tried again. */
  readonly replicaPause: number = 5_000;
  /**
   * A replica is left out while a read model there is more than this many positions of the log behind the primary, because its
   * answers to queries without a minimum position would be that old.
   */
  readonly replicaLag: number = 10_000;
}
