import type { EntityManager } from 'typeorm';
import type { DependentWrite, Write } from '../../databases/dependent-write.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { preparedWithin } from '../../databases/prepare.js';
import { type Lease, LeaseLostError } from './lease.js';

/** Tables with rows of state: those of read models, and those of side effects and sagas. */
export type StateTable = 'leftfold_read_models' | 'leftfold_subscriptions';

/** How a checkpoint moves, and the outcomes of the events in between. */
export interface CheckpointMove {
  readonly from: number;
  readonly to: number;
  readonly handled: number;
  readonly parked?: number;
  readonly eventId: string | null;
  /** Why events were parked. */
  readonly error?: string;
}

/** Checkpoints. Every write is fenced by the lease's epoch. For a range, see `admits`. */
export interface LeaseCheckpoints {
  /**
   * Moves the checkpoint in the transaction of the work.
   * @throws LeaseLostError when this process no longer has the lease, or the checkpoint was moved by another
   */
  advance(manager: EntityManager, lease: Lease, move: CheckpointMove): Promise<void>;

  /**
   * Moves the checkpoint together with these writes; see `WriteDatabase.together`.
   * @returns false, and nothing is done, when they need a transaction of several statements
   * @throws LeaseLostError as `advance`; then nothing is written
   */
  advanceWith(writes: readonly DependentWrite[], lease: Lease, move: CheckpointMove): Promise<boolean>;

  /**
   * Records that the event at this position is delivered alone.
   * @returns the number of attempts, including this one; at most one more than the allowed crashes
   * @throws LeaseLostError
   */
  countAttempt(lease: Lease, position: number, deaths: number): Promise<number>;

  /**
   * Records a failure that will be retried.
   * @returns the stored position
   * @throws LeaseLostError
   */
  confirm(lease: Lease, error: string): Promise<number>;
}

/** Where checkpoints are. */
export interface CheckpointTable {
  readonly name: string;
  /** The column with the name of the subscription. */
  readonly key: 'name' | 'subscription';
  /** Whether `parked` counts what is parked now, or what was ever parked. */
  readonly countsParked: 'now' | 'ever';
}

/** The checkpoints in rows of state, or in ranges of partitions. */
export class StoredCheckpoints implements LeaseCheckpoints {
  private readonly now: string;

  constructor(
    private readonly database: OpenDatabase,
    private readonly table: CheckpointTable,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {
    this.now = database.write.dialect.now;
  }

  async advance(manager: EntityManager, lease: Lease, move: CheckpointMove): Promise<void> {
    const { sql, parameters } = this.moving(lease, move);
    const { affected } = await preparedWithin(manager.queryRunner!).run(sql, parameters);
    if (affected !== 1) throw new LeaseLostError(lease.name);
  }

  async advanceWith(writes: readonly DependentWrite[], lease: Lease, move: CheckpointMove): Promise<boolean> {
    const hasMoved = await this.database.write.together(this.moving(lease, move), writes);
    if (hasMoved === false) throw new LeaseLostError(lease.name);
    return hasMoved === true;
  }

  private moving({ name, epoch }: Lease, move: CheckpointMove): Write {
    const parked = move.parked ?? 0;
    // The last error stays as long as it explains what is parked.
    const explained = this.table.countsParked === 'now' ? 'parked + ?' : '?';
    const changes = [move.to, move.handled, parked, move.eventId, this.leaseTtl, parked, move.error ?? null];
    return {
      sql: `update ${this.table.name} set position = ?, handled = handled + ?, parked = parked + ?,
              event_id = coalesce(?, event_id), expires_at = ${this.now} + ?, attempt_position = null, attempts = 0, restarts = 0,
              last_error = case when ${explained} > 0 then coalesce(?, last_error) end
        where ${this.table.key} = ? and epoch = ? and position = ?`,
      parameters: [...changes, name, epoch, move.from],
    };
  }

  async countAttempt({ name, epoch }: Lease, position: number, deaths: number): Promise<number> {
    const { rows } = await this.database.write.statement<{ attempts: number }>(
      `update ${this.table.name} set
              attempts = case when attempt_position = ? then case when attempts > ? then attempts else attempts + 1 end
                              else 1 end,
              attempt_position = ?
        where ${this.table.key} = ? and epoch = ? returning attempts`,
      [position, deaths, position, name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return rows[0].attempts;
  }

  async confirm({ name, epoch }: Lease, error: string): Promise<number> {
    const { rows } = await this.database.write.statement<{ position: number | string }>(
      `update ${this.table.name} set last_error = ? where ${this.table.key} = ? and epoch = ? returning position`,
      [error, name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return Number(rows[0].position);
  }
}
