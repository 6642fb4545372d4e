import { EventItem } from '@leftfold/http';
import { ApiProperty } from '@nestjs/swagger';

/** A page of the log. */
export class EventPageAnswer {
  @ApiProperty({ type: [EventItem] })
  readonly items: readonly EventItem[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'What `after` is on the next page; null on the last.' })
  readonly nextCursor: number | null;
}

/**
 * Cuts a page out of what was read.
 * @param found up to `limit + 1` of them: the one too many tells that there is more
 * @param place what the next page comes after, of the last item
 */
export function eventPage(found: readonly EventItem[], limit: number, place: 'position' | 'version'): EventPageAnswer {
  const items = found.slice(0, limit);
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.[place] ?? null) : null };
}
