/** How many snapshots of one state are kept, beside the last one. */
const KEPT = 32;
/** One in this many snapshots of an aggregate is kept for views of the past. */
const THINNED = 10;

/**
 * Events between two snapshots that are kept for views of the past: ten times `every`, doubled as often as it takes to cover
 * the stream with 32 of them. The versions at the wider spacing are among those at the closer one.
 * @param end last version of the stream
 */
export function spacingOf(end: number, every: number): number {
  let spacing = every * THINNED;
  while (end / spacing > KEPT) spacing *= 2;
  return spacing;
}

/** Of the versions that there are snapshots of, those that are kept no longer: all but the last one, and the first in each space. */
export function superfluous(versions: readonly number[], every: number): number[] {
  const ascending = versions.toSorted((one, other) => one - other);
  const last = ascending.at(-1) ?? 0;
  const spacing = spacingOf(last, every);
  const spaces = new Set<number>();
  return ascending.filter((version) => {
    const space = Math.floor(version / spacing);
    if (version === last || !spaces.has(space)) {
      spaces.add(space);
      return false;
    }
    return true;
  });
}
