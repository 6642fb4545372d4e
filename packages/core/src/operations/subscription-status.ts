import { ALL_PARTITIONS } from '../event-log/partition.js';
import type { TableComparison } from '../read-models/rebuild/compare-tables.js';
import type { RebuildReport } from '../read-models/rebuild/rebuild-states.js';
import type { OutboxCount } from '../sagas/outbox/outbox-contents.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { Subscription, SubscriptionKind } from '../subscriptions/subscription.js';

/**
 * `live` at the head, `catching-up` behind it, `rebuilding` while shadow tables are filled and the old ones serve,
 * `paused` by an operator, `stopped` after an error for which all retries failed, until it makes progress again.
 */
export type SubscriptionState = 'live' | 'catching-up' | 'rebuilding' | 'paused' | 'stopped';

/** State of a rebuild: the requested or running one, otherwise the last one. */
export interface RebuildStatus {
  readonly state: 'requested' | 'running' | 'failed' | 'done';
  /** It ends with the comparison and keeps the live rows. */
  readonly dryRun: boolean;
  /** Position up to which the shadow tables are filled. */
  readonly position: number;
  /** Position that they have to reach: the read model's checkpoint. */
  readonly target: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed. */
  readonly error: string | null;
  /** Old and new rows compared at the moment of the swap, for each table; null before. */
  readonly comparison: readonly TableComparison[] | null;
}

/** Partitions of a subscription that one node runs. */
export interface RangeStatus {
  /** The first and the last partition, both included, from 0 to 1023. */
  readonly from: number;
  readonly to: number;
  /** The process that runs it, if any. */
  readonly owner: string | null;
  /** Position up to which all events of its streams are handled, parked or discarded. */
  readonly position: number;
  /** Number of positions between there and the head. */
  readonly lag: number;
}

/** Status of one subscription for operators. */
export interface SubscriptionStatus {
  readonly name: string;
  readonly kind: SubscriptionKind;
  readonly state: SubscriptionState;
  /** Position up to which all events are handled, parked or discarded. */
  readonly position: number;
  /** Number of positions between there and the head; of a saga, also its pending commands. */
  readonly lag: number;
  /** Commands of a saga in the outbox that are not finished, without scheduled ones and dead letters; otherwise 0. */
  readonly pendingCommands: number;
  /** Commands that a saga has scheduled and whose time has not come; otherwise 0. */
  readonly scheduledCommands: number;
  /**
   * Number of events handled since counting began: at the beginning of the log, when the subscription was created, or
   * when its list of events changed.
   */
  readonly handled: number;
  /** Events parked, to be retried later. */
  readonly parked: number;
  /** Events discarded by an operator. */
  readonly discarded: number;
  /** The process that runs it, if any; several, separated by commas, when nodes share its partitions. */
  readonly owner: string | null;
  /**
   * For how long no node has run it, or one of its ranges, although it is to run, in ms by the database's clock; 0 while nodes
   * run it, and while it is paused or stopped after an error.
   */
  readonly unattendedFor: number;
  /** Whether that is too long: more than three leases. Then the nodes that are alive can't run it. */
  readonly isUnattended: boolean;
  /** Its partitions, by the node that runs them. One range with all of them when it runs as one; none before its first start. */
  readonly ranges: readonly RangeStatus[];
  /** The last failure, until an event is handled. */
  readonly lastError: string | null;
  /** Number of stops after an error since its last progress; 0 while it works. */
  readonly restarts: number;
  /** When it starts again by itself after an error, by the database's clock; null when it does not, or has started already. */
  readonly restartAt: Date | null;
  /** Null unless a rebuild was requested or done. */
  readonly rebuild: RebuildStatus | null;
}

/** Leases that a subscription may be without an owner: one to notice that the owner is gone, and two to take over. */
const LEASES = 3;

/**
 * @param row undefined until a process that runs it has started for the first time
 * @param leaseTtl in ms
 */
export function statusOf(
  { name, kind }: Subscription,
  row: SubscriptionRow | undefined,
  head: number,
  leaseTtl: number,
  { pending, scheduled }: OutboxCount = { pending: 0, scheduled: 0 },
): SubscriptionStatus {
  const position = row?.position ?? 0;
  const unattendedFor = row ? timeUnattended(row) : 0;
  const behind = Math.max(head - position, 0);
  return {
    name,
    kind,
    state: stateOf(row, behind),
    position,
    lag: behind + pending,
    pendingCommands: pending,
    scheduledCommands: scheduled,
    handled: row?.handled ?? 0,
    parked: row?.parked ?? 0,
    discarded: row?.discarded ?? 0,
    // An owner whose lease has expired runs nothing any more.
    owner: row && !row.isFree ? row.owner : null,
    unattendedFor,
    isUnattended: unattendedFor > LEASES * leaseTtl,
    ranges: row ? rangesOf(row, head) : [],
    lastError: row?.lastError ?? null,
    restarts: row?.restarts ?? 0,
    restartAt: row?.restartAt ?? null,
    rebuild: row ? rebuildOf(row) : null,
  };
}

function rangesOf(row: SubscriptionRow, head: number): RangeStatus[] {
  const ranges = row.ranges.length > 0 ? row.ranges : [{ ...row, ...ALL_PARTITIONS }];
  return ranges.map(({ first, last, owner, isFree, position }) => ({
    from: first,
    to: last,
    owner: isFree ? null : owner,
    position,
    lag: Math.max(head - position, 0),
  }));
}

function timeUnattended(row: SubscriptionRow): number {
  if (row.halted === 'paused' || (row.halted === 'stopped' && row.restartIn === null)) return 0;
  const parts = row.ranges.length > 0 ? row.ranges : [row];
  return Math.max(
    0,
    ...parts.map(({ isFree, freeFor, restartIn }) => (isFree ? Math.min(freeFor ?? 0, -(restartIn ?? -Infinity)) : 0)),
  );
}

function stateOf(row: SubscriptionRow | undefined, behind: number): SubscriptionState {
  if (row?.halted) return row.halted;
  // Started again, and not yet beyond what it stopped at.
  if (row && row.restarts > 0) return 'stopped';
  if (row?.rebuild === 'requested' || row?.rebuild === 'running') return 'rebuilding';
  return behind > 0 ? 'catching-up' : 'live';
}

function rebuildOf(row: SubscriptionRow): RebuildStatus | null {
  if (row.rebuild) {
    return {
      state: row.rebuild,
      dryRun: row.rebuildDryRun,
      position: row.rebuildPosition,
      target: row.position,
      startedAt: row.rebuild === 'requested' ? null : row.rebuildStartedAt,
      finishedAt: null,
      error: row.rebuildError,
      comparison: null,
    };
  }
  if (!row.rebuildReport) return null;
  const {
    startedAt,
    finishedAt,
    position,
    comparison,
    dryRun = false,
  } = JSON.parse(row.rebuildReport) as RebuildReport;
  return {
    state: 'done',
    dryRun,
    position,
    target: position,
    startedAt: new Date(startedAt),
    finishedAt: new Date(finishedAt),
    error: null,
    comparison,
  };
}
