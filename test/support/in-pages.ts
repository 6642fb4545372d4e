import type { Client } from './client.js';

/** All items of a list, read in pages. */
export async function inPages<T>(by: Client, path: string, limit: number): Promise<T[]> {
  const seen: T[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const { status, body } = await by.get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
    expect(status).toBe(200);
    const page = body as { items: T[]; nextCursor: string | null };
    seen.push(...page.items);
    cursor = page.nextCursor;
    // Only the last page may be short, and it must not be empty.
    expect(page.items.length).toBeLessThanOrEqual(limit);
    if (cursor !== null) expect(page.items).toHaveLength(limit);
  } while (cursor !== null);
  return seen;
}
