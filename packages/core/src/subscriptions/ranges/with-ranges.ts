import type { SubscriptionRow } from '../states/subscription-row.js';
import type { RangeRow } from './range-row.js';

/**
 * A row of state together with the ranges into which it is split: as far as the range that is furthest behind, with all
 * counts added up. It is free when all of them are.
 */
export function partsOf(row: SubscriptionRow, ranges: readonly RangeRow[] = []): SubscriptionRow {
  if (ranges.length === 0) return row;
  const sum = (count: (range: RangeRow) => number): number => ranges.reduce((total, each) => total + count(each), 0);
  // The row of state keeps the stops from before the split.
  const worst = ranges.reduce((one, other) => (other.progress.restarts > one.progress.restarts ? other : one));
  const handled = sum(({ progress }) => progress.handled);
  const parked = row.parked + sum(({ progress }) => progress.parked);
  // A range clears its own error only. That of the row of state is from before the split.
  const errorBefore = handled === 0 || parked > 0 ? row.lastError : null;
  const owners = new Set(ranges.flatMap(({ owner, isFree }) => (owner === null || isFree ? [] : [owner])));
  return {
    ...row,
    ranges,
    position: Math.min(...ranges.map(({ position }) => position)),
    handled: row.handled + handled,
    parked,
    lastError: ranges.map(({ progress }) => progress.lastError).find((error) => error !== null) ?? errorBefore,
    owner: owners.size > 0 ? [...owners].join(', ') : null,
    isFree: owners.size === 0,
    restarts: worst.progress.restarts,
    restartAt: worst.restartAt ?? null,
    restartIn: worst.restartIn ?? row.restartIn,
  };
}
