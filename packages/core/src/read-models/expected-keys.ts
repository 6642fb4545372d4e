import type { EventSerializer } from '../event-log/event-serializer.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { contextOf, type EventContext } from '../subscriptions/event-handler.js';
import type { KeyOfEvent } from './projection.decorator.js';
import type { RowKey } from './row.js';

const NO_KEYS: readonly RowKey[] = [];

/**
 * The events of a batch with their keys. An event is made when it is handled, and let go when the next one is. Where its key
 * is needed before, which is when a row is requested that is not in memory, it is made for that alone: if the events of a
 * batch were kept, V8 would find that what is made here lives long, and make it among its old objects from then on.
 */
export class ExpectedKeys {
  private current = 0;
  private keys: RowKey[] | undefined;

  constructor(
    private readonly batch: readonly RecordedEvent[],
    private readonly key: KeyOfEvent | undefined,
    private readonly serializer: EventSerializer,
  ) {}

  /** Keys of the event that is handled, and of those after it, as they were when this was asked first. */
  all(): readonly RowKey[] {
    if (!this.keys) {
      this.keys = [];
      for (let index = this.current; index < this.batch.length; index++)
        this.keys.push(...this.keysOf(this.batch[index]!));
    }
    return this.keys;
  }

  /**
   * What the projection receives for the next event: one event, several parts, or none.
   * @throws what the serializer throws
   */
  take(index: number): readonly object[] {
    this.current = index;
    return this.serializer.eventsOf(this.batch[index]!);
  }

  /** Called for every event, so that one whose key can't be determined fails in any batch. @throws what the projection's `key` throws */
  check(event: object, context: EventContext): void {
    this.key?.(event, context);
  }

  /** If the keys of an event can't be determined, that event fails when it is handled, and no event before it. */
  private keysOf(recorded: RecordedEvent): readonly RowKey[] {
    const { key } = this;
    if (!key) return [idOf(recorded.stream)];
    try {
      const events = this.serializer.eventsOf(recorded);
      return events.flatMap((event, part) => asList(key(event, contextOf(recorded, part))));
    } catch {
      // Handling that event determines its keys again and fails with the cause.
      return NO_KEYS;
    }
  }
}

function asList(keys: RowKey | readonly RowKey[] | undefined): readonly RowKey[] {
  if (keys === undefined) return NO_KEYS;
  return Array.isArray(keys) ? (keys as readonly RowKey[]) : [keys as RowKey];
}

/**
 * By default an event belongs to the row with the id of its stream, because most read models have a row per aggregate.
 * Tables whose primary key the value does not fit ignore it.
 */
function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
