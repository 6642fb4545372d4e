import type { EntityManager } from 'typeorm';
import type { Adopt, Claim } from './claims.js';
import type { Lease } from './lease.js';
import type { RestartPause, Stop } from './restart.js';
import type { LeaseCheckpoints } from './stored-checkpoints.js';

/** What a runner needs of the rows of state: the lease on what it runs, and the checkpoint. */
export interface LeasedStates {
  /** Identifies this process among those that share the database. */
  readonly owner: string;
  readonly checkpoints: LeaseCheckpoints;
  /** The pause after a stop. */
  readonly restartPause: RestartPause;

  /**
   * Claims the lease on what this process may run of a subscription; undefined when there is nothing.
   * @param restart also when it was stopped after an error
   * @param adopt called with the locked row, and with whether the previous owner did not release its lease
   */
  claim(name: string, restart: boolean, adopt: Adopt): Promise<Claim | undefined>;

  release(lease: Lease): Promise<void>;

  /**
   * Releases the lease after an error, and stores when what it is for starts again.
   * @returns false, and nothing is stored, when it was resumed since its lease was claimed, or the lease was lost
   */
  stop(lease: Lease, stop: Stop): Promise<boolean>;

  /** A transaction in the database of these rows; see `WriteDatabase`. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}
