/** A connection, and how to give it back, as TypeORM's drivers hand it out. */
export type Connection = [connection: unknown, release: (error?: unknown) => void];

/** The state of a replica at one moment. */
export interface SeenReplica {
  /** Whether it follows a primary. After it was promoted it does not. */
  readonly isStandby: boolean;
  /** Checkpoints of the read models, as far as they have arrived there. */
  readonly positions: ReadonlyMap<string, number>;
  /** Ids of the logs that the read models were built from. */
  readonly logIds: ReadonlySet<string>;
}

/** The connections to one replica. */
export interface ReplicaServer {
  /** A connection of the pool that queries use. */
  connect(): Promise<Connection>;
  /** The checkpoints of the read models, read on a connection of the pool. */
  positions(): Promise<ReadonlyMap<string, number>>;
  /** Looks at it on a connection of its own, so that queries that fill the pool don't delay it. */
  look(): Promise<SeenReplica>;
  /** Breaks all connections, so that queries waiting for an answer fail at once. New ones can be made afterwards. */
  cut(): void;
  close(): Promise<void>;
}
