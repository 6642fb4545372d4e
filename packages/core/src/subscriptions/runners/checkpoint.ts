import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import type { DependentWrite } from '../../databases/dependent-write.js';
import { Mutex } from '../../databases/mutex.js';
import type { Lease } from '../states/lease.js';
import type { CheckpointMove } from '../states/stored-checkpoints.js';
import type { LeasedStates } from '../states/leased-states.js';

/** How far the checkpoint moves, and the outcomes of the events up to there. */
export type Progress = Omit<CheckpointMove, 'from'>;

/** Writes a checkpoint. Its methods throw LeaseLostError. */
export interface Advance {
  /** Within the transaction of the work. */
  within(manager: EntityManager, progress: Progress): Promise<void>;

  /**
   * As one transaction with these writes.
   * @returns false, and nothing is done, when they need a transaction of several statements
   */
  with?(writes: readonly DependentWrite[], progress: Progress): Promise<boolean>;
}

/** The checkpoint of one subscription, while this process holds its lease. It is written here and nowhere else. */
export class Checkpoint {
  private readonly mutex = new Mutex();
  private committed: number;
  private stops: number;

  constructor(
    private readonly states: LeasedStates,
    readonly lease: Lease,
    { position, restarts }: { readonly position: number; readonly restarts: number },
  ) {
    this.committed = position;
    this.stops = restarts;
  }

  /** Position up to which all events are done and committed. */
  get position(): number {
    return this.committed;
  }

  /** Number of stops after an error since the checkpoint last moved. */
  get restarts(): number {
    return this.stops;
  }

  /**
   * Runs one transaction that moves the checkpoint.
   * @param transact writes its work and the checkpoint in one transaction, and returns the position after the commit
   * @throws LeaseLostError, and errors of `transact`; then the checkpoint has not moved
   */
  move(transact: (advance: Required<Advance>) => Promise<number>): Promise<number> {
    return this.mutex.run(async () => {
      const askedAt = performance.now();
      const { checkpoints } = this.states;
      const from = this.committed;
      this.committed = await transact({
        within: (manager, progress) => checkpoints.advance(manager, this.lease, { from, ...progress }),
        with: (writes, progress) => checkpoints.advanceWith(writes, this.lease, { from, ...progress }),
      });
      this.stops = 0;
      this.lease.renewed(askedAt);
      return this.committed;
    });
  }

  /**
   * Moves the checkpoint in a transaction of its own.
   * @param alongside writes more in the same transaction
   * @throws LeaseLostError
   */
  async commit(progress: Progress, alongside?: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.move(async (advance) => {
      const isDone = !alongside && (await advance.with([], progress));
      if (!isDone) {
        await this.states.transaction(async (manager) => {
          await advance.within(manager, progress);
          await alongside?.(manager);
        });
      }
      return progress.to;
    });
  }

  /** Moves the checkpoint over events that the subscription does not handle. */
  skipTo(position: number): Promise<void> {
    return this.commit({ to: position, handled: 0, eventId: null });
  }

  /** Keeps the checkpoint where it is while `work` runs. */
  hold(work: () => Promise<void>): Promise<void> {
    return this.mutex.run(work);
  }

  /**
   * Records a failure that will be retried, and reads the checkpoint: only the database knows whether the failed work
   * was committed.
   * @throws LeaseLostError
   */
  async confirm(failure: string): Promise<void> {
    this.committed = await this.states.checkpoints.confirm(this.lease, failure);
  }

  /**
   * Counts an attempt at one event before it is made, so that a poison event is found.
   * @param deaths how many crashes are allowed
   * @returns the number of attempts, including this one; at most one more than `deaths`
   * @throws LeaseLostError
   */
  countAttempt(position: number, deaths: number): Promise<number> {
    return this.states.checkpoints.countAttempt(this.lease, position, deaths);
  }
}
