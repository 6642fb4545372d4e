/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Cuts a page out of what was read.
 * @param found up to `limit + 1` of them: the one too many tells that there is more
 * @param cursorAfter where the list goes on after an item
 */
export function pageOf<T>(found: readonly T[], limit: number, cursorAfter: (last: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? cursorAfter(last) : null };
}
