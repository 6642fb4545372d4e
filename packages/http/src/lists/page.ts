/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Makes a page from up to `limit + 1` items.
 * @param found up to `limit + 1` items: the extra one shows that there is a next page
 * @param cursorAfter makes the cursor for the page after an item
 */
export function pageOf<T>(found: readonly T[], limit: number, cursorAfter: (last: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? cursorAfter(last) : null };
}
