import { ALL_PARTITIONS, type PartitionRange, sizeOf } from '../../event-log/partition.js';
import { contains, isSameRange, overlapOf, shareOf, type SharingNode } from './partition-range.js';
import { aheadOf, cut, merge, NO_PROGRESS, type RangeRow } from './range-row.js';

/** The lease on a subscription that runs as one. */
export interface WholeLease {
  readonly position: number;
  readonly owner: string | null;
  readonly isFree: boolean;
  /** Attempts at an event near which a process crashed; see `RangeProgress`. */
  readonly attemptPosition: number | null;
  readonly attempts: number;
  /** Number of stops after an error since its last progress. */
  readonly restarts: number;
}

/** Who works on one subscription, as one transaction or one look at the database sees it. */
export interface Spread {
  readonly whole: WholeLease;
  /** The ranges, in order; none while the subscription runs as one. */
  readonly ranges: readonly RangeRow[];
  /** It has to run as one, although several nodes are alive: the first of them gets all partitions. */
  readonly isOne?: boolean;
}

/** What a claim changes. */
export type RangeClaim =
  /** There is nothing to claim. */
  | { readonly kind: 'nothing' }
  /** Claim the subscription as one; `merged` is what the ranges come to, if there were any. */
  | { readonly kind: 'whole'; readonly merged: RangeRow | undefined }
  /**
   * Store these rows in place of all others. `claimed` is the one with the lease; undefined when the node only gives
   * back what it does not run.
   */
  | {
      readonly kind: 'range';
      readonly ranges: readonly RangeRow[];
      readonly claimed: RangeRow | undefined;
      /** A previous owner that did not release its lease: it may have crashed. */
      readonly abandonedBy: string | null;
    };

/**
 * Decides what a node claims, in the transaction that has locked the rows. A node takes only what is in its own share
 * and free, so that two nodes with different lists of nodes never fight for a range; at worst one of them waits.
 * @param nodes those that are alive and run it, in the order of `shareOf`
 * @param epoch a number above all epochs that the subscription ever had
 */
export function claimRange(spread: Spread, node: string, nodes: readonly SharingNode[], epoch: number): RangeClaim {
  const { whole, ranges } = spread;
  const isMine = (lease: Pick<RangeRow, 'owner' | 'isFree'>) => lease.isFree || lease.owner === node;
  // A process for one piece of work is not in the list. It works as one, or when no node is left.
  const share = nodes.length > 0 ? shareIn(spread, node, nodes) : ALL_PARTITIONS;
  if (ranges.length === 0) {
    if (!isMine(whole) || (!share && includes(nodes, node))) return { kind: 'nothing' };
    if (!share || isSameRange(share, ALL_PARTITIONS)) return { kind: 'whole', merged: undefined };
    return claimOf([rangeOfWhole(whole)], share, node, epoch, isMine);
  }
  if (share && isSameRange(share, ALL_PARTITIONS) && ranges.every(isMine)) {
    const merged = merge(ranges);
    if (merged.done.length === 0) return { kind: 'whole', merged: { ...merged, owner: crashedOf(ranges, node) } };
  }
  return claimOf(ranges, share ?? NO_PARTITIONS, node, epoch, isMine);
}

const NO_PARTITIONS: PartitionRange = { first: 0, last: -1 };

function includes(nodes: readonly SharingNode[], node: string): boolean {
  return nodes.some(({ id }) => id === node);
}

/** What has to run as one can't be divided, so no limit applies. */
function shareIn({ isOne }: Spread, node: string, nodes: readonly SharingNode[]): PartitionRange | undefined {
  if (isOne) return nodes[0]?.id === node ? ALL_PARTITIONS : undefined;
  return shareOf(node, nodes);
}

/** All partitions as one range, at the checkpoint of a subscription that ran as one. */
function rangeOfWhole({ position, owner, isFree, attemptPosition, attempts, restarts }: WholeLease): RangeRow {
  const progress = { ...NO_PROGRESS, attemptPosition, attempts, restarts };
  return { ...ALL_PARTITIONS, position, done: [], owner, isFree, epoch: 0, progress };
}

/** A previous owner that did not release its lease: it may have crashed. */
function crashedOf(rows: readonly RangeRow[], node: string): string | null {
  return rows.map((row) => row.owner).find((owner) => owner !== null && owner !== node) ?? null;
}

function claimOf(
  ranges: readonly RangeRow[],
  share: PartitionRange,
  node: string,
  epoch: number,
  isMine: (row: RangeRow) => boolean,
): RangeClaim {
  // What is mine and outside of my share is given back on the way.
  const parts = ranges.flatMap((row) => (isMine(row) ? cut(row, share) : [row]));
  const run = longestRun(parts, (row) => isMine(row) && contains(share, row));
  // The reply to an earlier claim was lost: then the node has ranges that it does not run, and others wait for them.
  const isOwner = ranges.some((row) => row.owner === node);
  if (run.length === 0 && !isOwner) return { kind: 'nothing' };
  const owner = crashedOf(run, node);
  const claimed = run.length > 0 ? suspecting({ ...merge(run), owner: node, epoch, isFree: false }, owner) : undefined;
  let nextEpoch = epoch;
  const others = parts
    .filter((row) => !run.includes(row))
    .map((row) => {
      if (ranges.includes(row) && row.owner !== node) return row;
      nextEpoch += 1;
      return { ...row, epoch: nextEpoch, owner: row.owner === node ? null : row.owner, isFree: true };
    });
  const all = (claimed ? [...others, claimed] : others).toSorted((one, other) => one.first - other.first);
  return { kind: 'range', ranges: all, claimed, abandonedBy: owner };
}

/** The largest group of rows that lie side by side and fit. A node holds one range, so that it has one checkpoint. */
function longestRun(rows: readonly RangeRow[], fits: (row: RangeRow) => boolean): readonly RangeRow[] {
  let longest: readonly RangeRow[] = [];
  let run: RangeRow[] = [];
  const size = (group: readonly RangeRow[]) => group.reduce((sum, row) => sum + sizeOf(row), 0);
  for (const row of rows) {
    if (fits(row)) run.push(row);
    else run = [];
    if (size(run) > size(longest)) longest = [...run];
  }
  return longest;
}

/** A range that was not released counts as an attempt, because its owner may have crashed on an event. */
function suspecting(row: RangeRow, abandonedBy: string | null): RangeRow {
  if (abandonedBy === null || row.progress.attempts > 0) return row;
  return { ...row, progress: { ...row.progress, attempts: 1, attemptPosition: row.position } };
}

/** A write of the owner of a range: it moves the checkpoint from one position to another. */
export interface FencedWrite {
  readonly epoch: number;
  readonly from: number;
}

/**
 * Whether a range takes a write: its writer has the lease still, and no other write of its own came in between, such as
 * one whose reply was lost. The checkpoint's `UPDATE` has this as its condition.
 */
export function admits(row: Pick<RangeRow, 'epoch' | 'position'>, { epoch, from }: FencedWrite): boolean {
  return row.epoch === epoch && row.position === from;
}

/** What a node holds of a subscription. */
export type Held = PartitionRange | 'whole' | undefined;

/** What a node does next: nothing, claim, or give back what it holds after the current batch. */
export type NextStep = 'wait' | 'claim' | 'give-back';

/**
 * Decides what a node does about a subscription after a look at the database. The claim decides again, with the rows
 * locked; so an old view costs a step for nothing, and never correctness.
 */
export function nextStep(spread: Spread, node: string, nodes: readonly SharingNode[], held: Held): NextStep {
  const { whole, ranges } = spread;
  const share = shareIn(spread, node, nodes);
  const isMine = (lease: Pick<RangeRow, 'owner' | 'isFree'>) => lease.isFree || lease.owner === node;
  if (held === undefined) {
    if (ranges.length === 0) return isMine(whole) ? 'claim' : 'wait';
    const isWorthwhile = (row: RangeRow) =>
      row.owner === node || (row.isFree && share !== undefined && overlapOf(row, share) !== undefined);
    return includes(nodes, node) && ranges.some(isWorthwhile) ? 'claim' : 'wait';
  }
  // Its sign of life came too late, or it does not know of it yet: it goes on until its lease is claimed.
  if (!share) return includes(nodes, node) ? 'give-back' : 'wait';
  if (held === 'whole') return isSameRange(share, ALL_PARTITIONS) ? 'wait' : 'give-back';
  if (!contains(share, held)) return 'give-back';
  if (isSameRange(share, held)) return isSameRange(held, ALL_PARTITIONS) && isEven(ranges) ? 'give-back' : 'wait';
  const canGrow = ranges.some((row) => {
    const common = overlapOf(row, share);
    return common !== undefined && row.isFree && !overlapOf(row, held) && isBeside(common, held);
  });
  return canGrow ? 'give-back' : 'wait';
}

/** Whether one range has all partitions, and all of them are equally far: then it can run as one again. */
function isEven(ranges: readonly RangeRow[]): boolean {
  return ranges.length === 1 && aheadOf(ranges[0]!).length === 0;
}

function isBeside(one: PartitionRange, other: PartitionRange): boolean {
  return one.last + 1 === other.first || other.last + 1 === one.first;
}

/** What runs a subscription in a process. */
export interface RangeRunner {
  /** What it holds; undefined before its claim, and when it does not run. */
  readonly held: Held;
  readonly isRunning: boolean;
  /** Claims what it can get, and runs it. */
  start(): void;
  /** Ends after the current batch, and gives back what it holds. */
  giveBack(): void;
}

/** Starts or ends what a node holds of a subscription, after a look at the database. */
export function rebalance(runner: RangeRunner, spread: Spread, node: string, nodes: readonly SharingNode[]): NextStep {
  // It has not claimed yet, or it gives back already.
  if (runner.isRunning && runner.held === undefined) return 'wait';
  const step = nextStep(spread, node, nodes, runner.held);
  if (step === 'claim') runner.start();
  if (step === 'give-back') runner.giveBack();
  return step;
}
