/** How many snapshots of one state are kept, besides the last one. */
const KEPT = 32;
/** One in this many snapshots of an aggregate is kept for reading past versions. */
const THINNED = 10;

/**
 * Events between two snapshots that are kept for reading past versions: ten times `every`, doubled until 32 snapshots
 * cover the stream. The versions at a wider spacing are a subset of those at a closer one.
 * @param end last version of the stream
 */
export function spacingOf(end: number, every: number): number {
  let spacing = every * THINNED;
  while (end / spacing > KEPT) spacing *= 2;
  return spacing;
}

/** Versions of the snapshots to delete: all but the last one and the first in each interval. */
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
