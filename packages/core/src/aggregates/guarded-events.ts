import type { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { TagQuery } from '../events/tags.js';

/** The events that a guard reads, in global order, and the position after which no further one may be stored. */
export interface GuardedEvents {
  readonly events: readonly RecordedEvent[];
  readonly after: number;
}

export async function readAllGuarded(log: EventLog, query: TagQuery): Promise<GuardedEvents> {
  const events: RecordedEvent[] = [];
  for await (const event of log.readTagged(query)) events.push(event);
  return { events, after: events.at(-1)?.position ?? 0 };
}

/** The last event of each tag, however many earlier ones there are. */
export async function readLastGuarded(log: EventLog, { tags, types }: TagQuery): Promise<GuardedEvents> {
  // Read first: an event that is stored between the two reads comes after it, so the append is refused.
  const after = await log.head();
  const found = new Map<number, RecordedEvent>();
  const readLast = async (query: TagQuery): Promise<void> => {
    for await (const event of log.readTagged(query, { backwards: true, limit: 1 })) found.set(event.position, event);
  };
  await Promise.all(tags.map((tag) => readLast({ tags: [tag], ...(types && { types }) })));
  return { events: [...found.values()].toSorted((one, other) => one.position - other.position), after };
}
