import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import type { DependentWrite } from '../../databases/dependent-write.js';
import { execute } from '../../databases/execute.js';
import type { Adopt, Claim } from '../states/claims.js';
import type { LeasedStates } from '../states/leased-states.js';
import { Lease, LeasedPart } from '../states/lease.js';
import type { CheckpointMove, LeaseCheckpoints } from '../states/stored-checkpoints.js';
import { isHalted, type RestartPause, type Stop } from '../states/restart.js';
import { isRebuilding, SPLIT, type SubscriptionRow } from '../states/subscription-row.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import type { Subscription } from '../subscription.js';
import type { Nodes } from './nodes.js';
import { claimRange, type RangeClaim } from './range-claim.js';
import type { RangeRow } from './range-row.js';
import { sharedAs } from './shared-as.js';
import type { StoredRanges } from './stored-ranges.js';

type ClaimedRange = Extract<RangeClaim, { kind: 'range' }>;

/**
 * The leases of one subscription that is spread over nodes: on all of it while one node runs it, and otherwise on a
 * range of its partitions. See decision 32.
 */
export class SpreadStates implements LeasedStates {
  readonly checkpoints: LeaseCheckpoints;

  constructor(
    private readonly subscription: Subscription,
    private readonly whole: SubscriptionStates,
    private readonly ranges: StoredRanges,
    private readonly nodes: Nodes,
  ) {
    this.checkpoints = new EitherCheckpoints(whole.checkpoints, ranges.checkpoints);
  }

  get owner(): string {
    return this.whole.owner;
  }

  get restartPause(): RestartPause {
    return this.whole.restartPause;
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.whole.transaction(work);
  }

  async claim(name: string, restart: boolean, adopt: Adopt): Promise<Claim | undefined> {
    if (this.runsAsOne()) {
      const claim = await this.whole.claim(name, restart, adopt);
      if (claim || !(await this.ranges.has(name))) return claim;
    }
    const askedAt = performance.now();
    return this.transaction((manager) => this.claimIn(manager, askedAt, { restart, adopt }));
  }

  /** Whether one node at most runs it, with all partitions. */
  private runsAsOne(): boolean {
    const nodes = this.nodes.running(sharedAs(this.subscription));
    return nodes.length < 2 && nodes[0]?.limit === undefined;
  }

  async release(lease: Lease): Promise<void> {
    if (lease.part) await this.ranges.release(lease.name, lease.epoch);
    else await this.whole.release(lease);
  }

  /** Only a range that starts again by itself stops alone. */
  async stop(lease: Lease, stop: Stop): Promise<boolean> {
    if (!lease.part) return this.whole.stop(lease, stop);
    const { name, epoch } = lease;
    return this.transaction(async (manager) => {
      const isStored = await this.ranges.stop(manager, name, epoch, stop);
      if (isStored && stop.restartIn === null) await this.whole.halt(manager, name, stop.error);
      return isStored;
    });
  }

  private async claimIn(
    manager: EntityManager,
    askedAt: number,
    { restart, adopt }: { restart: boolean; adopt: Adopt },
  ): Promise<Claim | undefined> {
    const { name } = this.subscription;
    const before = await this.ranges.lock(manager, name);
    const row = await this.whole.lockAlone(manager, name);
    if (!row || isHalted(row, restart)) return undefined;
    const nodes = this.nodes.running(sharedAs(this.subscription));
    const spread = { whole: row, ranges: before, isOne: isRebuilding(row) };
    const claim = claimRange(spread, this.owner, nodes, row.epoch + 1);
    if (claim.kind === 'nothing') return undefined;
    if (claim.kind === 'whole') {
      if (claim.merged) await this.unsplit(manager, row, claim.merged, before);
      return this.whole.claimLocked(manager, { name, restart, adopt });
    }
    const isAbandoned = claim.abandonedBy !== null;
    if (!(await this.split(manager, row, { isFirst: before.length === 0, isAbandoned, adopt }))) return undefined;
    const epoch = Math.max(...claim.ranges.map((each) => each.epoch));
    await this.ranges.replace(manager, name, { before, after: claim.ranges, claimed: claim.claimed });
    await execute(
      manager.queryRunner!,
      `update ${this.ranges.tables.states} set owner = ?, halted = ?, restart_at = null, epoch = ?, expires_at = ${this.whole.now} + ? where name = ?`,
      [SPLIT, SPLIT, Math.max(epoch, row.epoch), this.ranges.leaseTtl, name],
    );
    return claim.claimed && this.claimedOf(row, claim.claimed, claim, askedAt);
  }

  private claimedOf(row: SubscriptionRow, range: RangeRow, claim: ClaimedRange, askedAt: number): Claim {
    const { position, epoch, progress } = range;
    const lease = new Lease(row.name, epoch, this.ranges.leaseTtl, askedAt, new LeasedPart(range));
    const { attempts, attemptPosition, restarts } = progress;
    return {
      lease,
      row: { ...row, position, epoch, attempts, attemptPosition, restarts },
      abandonedBy: claim.abandonedBy,
    };
  }

  /**
   * Before the first split, the row of state is adopted as usual. Later, a read model is adopted by another version of the
   * program, which requests a rebuild. For others, the count of a program with other types begins anew when the ranges are
   * merged again: until then the types in the row fit none.
   */
  private async split(
    manager: EntityManager,
    row: SubscriptionRow,
    { isFirst, isAbandoned, adopt }: { isFirst: boolean; isAbandoned: boolean; adopt: Adopt },
  ): Promise<boolean> {
    if (isFirst) return adopt(row, manager, row.owner !== null && row.owner !== this.owner);
    const { kind, version, types } = this.subscription;
    const hasOtherTypes = JSON.stringify(row.types) !== JSON.stringify(types);
    if (kind === 'read-model') {
      const isToAdopt = hasOtherTypes || row.version !== version || isRebuilding(row);
      return isToAdopt ? adopt(row, manager, isAbandoned) : true;
    }
    if (hasOtherTypes) {
      await execute(manager.queryRunner!, `update ${this.ranges.tables.states} set types = null where name = ?`, [
        row.name,
      ]);
    }
    return true;
  }

  /** Merges the ranges into the row of state, free to be claimed. They are all at the same position. */
  private async unsplit(
    manager: EntityManager,
    { name }: SubscriptionRow,
    { position, owner, progress }: RangeRow,
    before: readonly RangeRow[],
  ): Promise<void> {
    await this.ranges.replace(manager, name, { before, after: [] });
    await execute(
      manager.queryRunner!,
      `update ${this.ranges.tables.states} set position = ?, handled = handled + ?, parked = parked + ?,
              event_id = coalesce(?, event_id), last_error = ?, attempt_position = ?, attempts = ?, restarts = ?,
              owner = ?, expires_at = 0, halted = null, epoch = epoch + 1 where name = ?`,
      [
        position,
        progress.handled,
        progress.parked,
        progress.eventId,
        progress.lastError,
        progress.attemptPosition,
        progress.attempts,
        progress.restarts,
        owner,
        name,
      ],
    );
  }
}

/** Writes to the row of state, or to the range, that the lease is for. */
class EitherCheckpoints implements LeaseCheckpoints {
  constructor(
    private readonly whole: LeaseCheckpoints,
    private readonly ranges: LeaseCheckpoints,
  ) {}

  advance(manager: EntityManager, lease: Lease, move: CheckpointMove): Promise<void> {
    return this.for(lease).advance(manager, lease, move);
  }

  advanceWith(writes: readonly DependentWrite[], lease: Lease, move: CheckpointMove): Promise<boolean> {
    return this.for(lease).advanceWith(writes, lease, move);
  }

  countAttempt(lease: Lease, position: number, deaths: number): Promise<number> {
    return this.for(lease).countAttempt(lease, position, deaths);
  }

  confirm(lease: Lease, error: string): Promise<number> {
    return this.for(lease).confirm(lease, error);
  }

  private for({ part }: Lease): LeaseCheckpoints {
    return part ? this.ranges : this.whole;
  }
}
