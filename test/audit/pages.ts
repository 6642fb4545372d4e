import type { EventItem } from '../../packages/http/src/history/event-item.js';
import type { Person } from '../support/people.js';

export interface Page {
  readonly items: EventItem[];
  readonly nextCursor: number | null;
}

export type Parameters = Readonly<Record<string, string | number>>;

export async function pageOf(operator: Person, path: string, query: Parameters = {}): Promise<Page> {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const { status, body } = await operator.get(`${path}?${parameters.toString()}`);
  expect({ status, query }).toEqual({ status: 200, query });
  return body as Page;
}

/** All events of a list, read in pages of this size. @param place the cursor after an item */
export async function inPages(
  operator: Person,
  path: string,
  place: 'position' | 'version',
  limit: number,
  query: Parameters = {},
): Promise<EventItem[]> {
  const seen: EventItem[] = [];
  for (let after: number | null = 0; after !== null;) {
    const { items, nextCursor }: Page = await pageOf(operator, path, { ...query, limit, after });
    if (seen.length > 0) expect(items).not.toEqual([]);
    seen.push(...items);
    if (nextCursor !== null) {
      expect(items).toHaveLength(limit);
      expect(nextCursor).toBe(items.at(-1)![place]);
    }
    after = nextCursor;
  }
  return seen;
}
