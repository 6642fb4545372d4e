import { EventItem } from '@leftfold/http';
import { ApiProperty } from '@nestjs/swagger';

/** A page of the log. */
export class EventPageAnswer {
  @ApiProperty({ type: [EventItem] })
  readonly items: readonly EventItem[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'The `after` of the next page; null on the last page.' })
  readonly nextCursor: number | null;
}

/**
 * Makes a page from up to `limit + 1` items.
 * @param found up to `limit + 1` items: the extra one shows that there is a next page
 * @param place the cursor after an item
 */
export function eventPage(found: readonly EventItem[], limit: number, place: 'position' | 'version'): EventPageAnswer {
  const items = found.slice(0, limit);
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.[place] ?? null) : null };
}
