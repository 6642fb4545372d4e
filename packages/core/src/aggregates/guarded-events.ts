import type { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { TagQuery } from '../events/tags.js';

/** What a guard is about: the events in the order of the log, and the position after which no other one may come. */
export interface GuardedEvents {
  readonly events: readonly RecordedEvent[];
  readonly after: number;
}

export async function readAllGuarded(log: EventLog, query: TagQuery): Promise<GuardedEvents> {
  const events: RecordedEvent[] = [];
  for await (const event of log.readTagged(query)) events.push(event);
  return { events, after: events.at(-1)?.position ?? 0 };
}

/** The last event of each tag, whatever the number of earlier ones. */
export async function readLastGuarded(log: EventLog, { tags, types }: TagQuery): Promise<GuardedEvents> {
  // Asked for first: an event that is stored between the reads lies after it, and refuses the append.
  const after = await log.head();
  const found = new Map<number, RecordedEvent>();
  const readLast = async (query: TagQuery): Promise<void> => {
    for await (const event of log.readTagged(query, { backwards: true, limit: 1 })) found.set(event.position, event);
  };
  await Promise.all(tags.map((tag) => readLast({ tags: [tag], ...(types && { types }) })));
  return { events: [...found.values()].toSorted((one, other) => one.position - other.position), after };
}
