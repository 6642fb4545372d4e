import type { EntityManager } from 'typeorm';
import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { LONGEST_LEASE } from '../states/longest-lease.js';
import { restartIn, type Stop } from '../states/restart.js';
import { StoredCheckpoints } from '../states/stored-checkpoints.js';
import { haltedIn, type LeasedRow, rebuildIn } from '../states/subscription-row.js';
import { joinedColumns, type RangeColumns, rangeRow } from './range-columns.js';
import type { RangeRow } from './range-row.js';
import type { RangeTables } from './range-tables.js';

/** The ranges of the subscriptions that are split between nodes. Only the database's clock decides about leases. */
export class StoredRanges {
  readonly checkpoints: StoredCheckpoints;
  private readonly now: string;
  private readonly columns: string;
  private readonly isFree: string;
  private readonly restartIn: string;
  private readonly freeFor: string;
  /** Whether this process may have a range; otherwise there is nothing to renew. */
  private mayHold = false;

  constructor(
    private readonly database: OpenDatabase,
    readonly tables: RangeTables,
    /** Identifies this process among those that share the database. */
    readonly owner: string,
    /** In ms. */
    readonly leaseTtl: number,
  ) {
    this.now = database.write.dialect.now;
    this.checkpoints = new StoredCheckpoints(
      database,
      { name: tables.ranges, key: 'subscription', countsParked: 'ever' },
      leaseTtl,
    );
    const ahead = `r.expires_at > ${this.now} + ${LONGEST_LEASE}`;
    this.restartIn = restartIn('r.restart_at', this.now);
    this.freeFor = `${this.now} - r.expires_at`;
    // A range that pauses after an error is not free, so that the nodes don't try it in turn.
    this.isFree = `((r.owner is null or r.expires_at < ${this.now} or ${ahead}) and coalesce(${this.restartIn}, 0) <= 0)`;
    this.columns = `r.*, ${this.isFree} as is_free, ${this.restartIn} as restart_in, ${this.freeFor} as free_for`;
  }

  /** A query of rows of state `s` that joins their ranges; see `joinedRange`. */
  joinTo(columns: string): string {
    return `select ${columns}, ${joinedColumns({ is_free: this.isFree, restart_in: this.restartIn, free_for: this.freeFor })} from ${this.tables.states} s
              left join ${this.tables.ranges} r on r.subscription = s.name order by s.name, r.first_partition`;
  }

  /** The ranges of one subscription, in order, as this transaction sees them. */
  async of(manager: EntityManager, subscription: string, lock = ''): Promise<RangeRow[]> {
    const { rows } = await execute<RangeColumns>(
      manager.queryRunner!,
      `select ${this.columns} from ${this.tables.ranges} r where r.subscription = ? order by r.first_partition ${lock}`,
      [subscription],
    );
    return rows.map(rangeRow);
  }

  /** SQL: the ranges of a subscription that a node runs. @param subscription SQL of its name */
  live(subscription: string): string {
    return `select 1 from ${this.tables.ranges} r where r.subscription = ${subscription} and not ${this.isFree}`;
  }

  /** Whether a subscription is split. */
  async has(subscription: string): Promise<boolean> {
    const sql = `select 1 from ${this.tables.ranges} where subscription = ? limit 1`;
    return (await select(this.database.read, sql, [subscription])).length > 0;
  }

  /**
   * Locks the ranges of a subscription, and keeps other transactions from changing which ones there are. Locks are
   * always taken in this order: the row of the split, the ranges, the row of state.
   */
  async lock(manager: EntityManager, subscription: string): Promise<RangeRow[]> {
    const { forUpdate } = this.database.write.dialect;
    await execute(
      manager.queryRunner!,
      `insert into ${this.tables.splits} (subscription) values (?) on conflict (subscription) do nothing`,
      [subscription],
    );
    await execute(
      manager.queryRunner!,
      `select subscription from ${this.tables.splits} where subscription = ? ${forUpdate}`,
      [subscription],
    );
    return this.of(manager, subscription, forUpdate);
  }

  /**
   * Stores the ranges of a subscription in place of those that were locked.
   * @param claimed the one that this process has now
   */
  async replace(
    manager: EntityManager,
    subscription: string,
    change: { before: readonly RangeRow[]; after: readonly RangeRow[]; claimed?: RangeRow },
  ): Promise<void> {
    const { before, after, claimed } = change;
    for (const { epoch } of before.filter((row) => !after.includes(row))) {
      await execute(manager.queryRunner!, `delete from ${this.tables.ranges} where subscription = ? and epoch = ?`, [
        subscription,
        epoch,
      ]);
    }
    for (const row of after) if (!before.includes(row)) await this.insert(manager, subscription, row, row === claimed);
    if (claimed) this.mayHold = true;
  }

  /**
   * Renews all leases of this process.
   * @returns the ranges that it has, and whether their subscriptions are to run
   */
  async renew(): Promise<LeasedRow[]> {
    if (!this.mayHold) return [];
    const { rows } = await this.database.write.statement<RangeColumns>(
      `update ${this.tables.ranges} set expires_at = ${this.now} + ? where owner = ?
       returning *, 0 as is_free, (select s.halted from ${this.tables.states} s where s.name = subscription) as halted,
         (select ${this.tables.rebuild} from ${this.tables.states} s where s.name = subscription) as rebuild`,
      [this.leaseTtl, this.owner],
    );
    return rows.map((columns) => {
      const range = rangeRow(columns);
      const name = columns.subscription as string;
      const { owner, epoch } = range;
      return { name, owner, epoch, halted: haltedIn(columns), ranges: [range], rebuild: rebuildIn(columns) };
    });
  }

  async release(subscription: string, epoch: number): Promise<void> {
    await this.database.write.statement(
      `update ${this.tables.ranges} set owner = null, expires_at = ${this.now} where subscription = ? and epoch = ?`,
      [subscription, epoch],
    );
  }

  /** Releases a range after an error, and stores when it can be claimed again. Returns whether it was not resumed before. */
  async stop(
    manager: EntityManager,
    subscription: string,
    epoch: number,
    { error, restarts, restartIn: pause }: Stop,
  ): Promise<boolean> {
    const { affected } = await execute(
      manager.queryRunner!,
      `update ${this.tables.ranges} set owner = null, expires_at = ${this.now}, last_error = ?, restarts = ?,
              restart_at = ${this.now} + ? where subscription = ? and epoch = ? and restarts = ?`,
      [error, restarts, pause, subscription, epoch, restarts - 1],
    );
    return affected > 0;
  }

  /** Forgets suspected poison events and pauses, as an operator has fixed the cause. */
  async resume(subscription: string): Promise<void> {
    await this.database.write.statement(
      `update ${this.tables.ranges} set last_error = null, attempt_position = null, attempts = 0, restarts = 0,
              restart_at = null where subscription = ?`,
      [subscription],
    );
  }

  /** Revokes the leases of the current owners, so that they start again with the current state. */
  async revoke(manager: EntityManager, subscription: string): Promise<void> {
    const rows = await this.lock(manager, subscription);
    if (rows.length === 0) return;
    const last = Math.max(...rows.map(({ epoch }) => epoch));
    const after = rows.map((row, index) => ({ ...row, owner: null, isFree: true, epoch: last + 1 + index }));
    await this.replace(manager, subscription, { before: rows, after });
    await execute(manager.queryRunner!, `update ${this.tables.states} set epoch = ? where name = ? and epoch < ?`, [
      last + rows.length,
      subscription,
      last + rows.length,
    ]);
  }

  /** The ranges of a renamed subscription follow it. */
  async rename(manager: EntityManager, from: string, to: string): Promise<void> {
    await this.forget(manager, to);
    await execute(manager.queryRunner!, `update ${this.tables.ranges} set subscription = ? where subscription = ?`, [
      to,
      from,
    ]);
  }

  /** Deletes the ranges of a subscription that is given up. */
  async forget(manager: EntityManager, subscription: string): Promise<void> {
    await execute(manager.queryRunner!, `delete from ${this.tables.ranges} where subscription = ?`, [subscription]);
  }

  private async insert(manager: EntityManager, subscription: string, row: RangeRow, isClaimed: boolean): Promise<void> {
    const { progress } = row;
    await execute(
      manager.queryRunner!,
      `insert into ${this.tables.ranges}
         (subscription, first_partition, last_partition, position, done, owner, epoch, expires_at, handled, parked, event_id,
          last_error, attempt_position, attempts, restarts)
       values (?, ?, ?, ?, ?, ?, ?, ${this.now} + ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        subscription,
        row.first,
        row.last,
        row.position,
        row.done.length > 0 ? JSON.stringify(row.done) : null,
        row.owner,
        row.epoch,
        // What was cut and not claimed is free; its owner stays named if it may have crashed.
        isClaimed ? this.leaseTtl : 0,
        progress.handled,
        progress.parked,
        progress.eventId,
        progress.lastError,
        progress.attemptPosition,
        progress.attempts,
        progress.restarts,
      ],
    );
  }
}
