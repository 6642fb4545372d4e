import type { PartitionRange } from '../../event-log/partition.js';
import { isSameRange, overlapOf } from './partition-range.js';

/** Partitions that are further than the checkpoint of their range: their events up to this position are done. */
export interface DonePart extends PartitionRange {
  readonly position: number;
}

/** One range of a subscription. The rows of a subscription cover all partitions, each one once. */
export interface RangeRow extends PartitionRange {
  /** The lowest checkpoint of its partitions: all of their events up to here are done. */
  readonly position: number;
  /** Partitions that are further. Parts that the position has passed mean nothing. */
  readonly done: readonly DonePart[];
  /** The node that holds the lease. */
  readonly owner: string | null;
  /** Epoch (fencing token): no two rows of a subscription ever had the same. A write with another epoch is refused. */
  readonly epoch: number;
  /**
   * Whether it can be claimed: by the database's clock, it has no owner or its owner's lease has expired, and no pause after an
   * error is under way.
   */
  readonly isFree: boolean;
  /** When it starts again after an error, by the database's clock. Null when it runs, and in a row that is to be stored. */
  readonly restartAt?: Date | null;
  /** The same, in ms from now. */
  readonly restartIn?: number | null;
  /** For how long its lease has been over, in ms; less than 0 while it has one. Not known of a row that is to be stored. */
  readonly freeFor?: number | null;
  readonly progress: RangeProgress;
}

/** What a range has counted since the subscription was split. */
export interface RangeProgress {
  readonly handled: number;
  readonly parked: number;
  /** Id of the last event that was handled. */
  readonly eventId: string | null;
  readonly lastError: string | null;
  /** Position of the event that is delivered alone, because a process crashed near it, and the number of attempts. */
  readonly attemptPosition: number | null;
  readonly attempts: number;
  /** Number of stops after an error since its last progress. */
  readonly restarts: number;
}

export const NO_PROGRESS: RangeProgress = {
  handled: 0,
  parked: 0,
  eventId: null,
  lastError: null,
  attemptPosition: null,
  attempts: 0,
  restarts: 0,
};

/** The parts of a row that are further than its position. */
export function aheadOf({ done, position }: Pick<RangeRow, 'done' | 'position'>): readonly DonePart[] {
  return done.filter((part) => part.position > position);
}

/**
 * Cuts a row at the bounds of a range. Each part keeps the position, and the parts that are further; the counts stay
 * with the first part, so that their sum stays the same.
 * @returns the parts, in order; the row itself when there is nothing to cut
 */
export function cut(row: RangeRow, at: PartitionRange): readonly RangeRow[] {
  const bounds = [
    { first: row.first, last: Math.min(row.last, at.first - 1) },
    { first: Math.max(row.first, at.first), last: Math.min(row.last, at.last) },
    { first: Math.max(row.first, at.last + 1), last: row.last },
  ].filter(({ first, last }) => first <= last);
  if (bounds.length === 1) return [row];
  return bounds.map((range, index) => ({
    ...row,
    ...range,
    done: clipped(row.done, range),
    progress: index === 0 ? row.progress : { ...row.progress, handled: 0, parked: 0 },
  }));
}

/**
 * Merges rows that lie side by side. The merged row starts at their lowest position, and knows which partitions are
 * further, so that no event is delivered again.
 * @param rows at least one, in order and without gaps
 */
export function merge(rows: readonly RangeRow[]): RangeRow {
  const [head] = rows as [RangeRow];
  const position = Math.min(...rows.map((row) => row.position));
  const done = joined(rows.flatMap(donePartsOf).filter((part) => part.position > position));
  return { ...head, last: rows.at(-1)!.last, position, done, progress: rows.map((row) => row.progress).reduce(sumOf) };
}

/** How far each partition of a row is, as ranges, in order. */
function donePartsOf(row: RangeRow): DonePart[] {
  const ahead = aheadOf(row).toSorted((one, other) => one.first - other.first);
  const parts: DonePart[] = [];
  let next = row.first;
  for (const part of ahead) {
    if (next < part.first) parts.push({ first: next, last: part.first - 1, position: row.position });
    parts.push(part);
    next = part.last + 1;
  }
  if (next <= row.last) parts.push({ first: next, last: row.last, position: row.position });
  return parts;
}

/** Joins neighbours at the same position. */
function joined(parts: readonly DonePart[]): DonePart[] {
  const result: DonePart[] = [];
  for (const part of parts) {
    const before = result.at(-1);
    if (before && before.last + 1 === part.first && before.position === part.position) {
      result[result.length - 1] = { ...before, last: part.last };
    } else result.push(part);
  }
  return result;
}

function clipped(done: readonly DonePart[], range: PartitionRange): DonePart[] {
  return done.flatMap((part) => {
    const common = overlapOf(part, range);
    return common ? [isSameRange(common, part) ? part : { ...common, position: part.position }] : [];
  });
}

/** The counts of two ranges together. Of two suspected poison events, the one with more attempts stays. */
function sumOf(one: RangeProgress, other: RangeProgress): RangeProgress {
  const suspected = other.attempts > one.attempts ? other : one;
  return {
    handled: one.handled + other.handled,
    parked: one.parked + other.parked,
    eventId: one.eventId ?? other.eventId,
    lastError: one.lastError ?? other.lastError,
    attemptPosition: suspected.attemptPosition,
    attempts: suspected.attempts,
    restarts: Math.max(one.restarts, other.restarts),
  };
}
