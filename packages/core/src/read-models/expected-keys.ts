import type { EventSerializer } from '../event-log/event-serializer.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { contextOf, type EventContext } from '../subscriptions/event-handler.js';
import type { KeyOfEvent } from './projection.decorator.js';
import type { RowKey } from './row.js';

/** What a stored event is for a projection. */
export interface DeliveredEvents {
  /** What the handler receives: one event, several parts, or none. */
  readonly events: readonly object[];
  /** The context of each. */
  readonly contexts: readonly EventContext[];
  /** Keys of the rows that they belong to, if the projection declares them. */
  readonly keys: readonly RowKey[];
}

const NO_KEYS: readonly RowKey[] = [];

/**
 * The events of a batch with their keys. Each is made once: when it is handled, or when its key is needed, which is when
 * the first row is requested that is not in memory. It is let go when the next one is handled.
 */
export class ExpectedKeys {
  private readonly made: (DeliveredEvents | undefined)[];
  private current = 0;
  private keys: RowKey[] | undefined;

  constructor(
    private readonly batch: readonly RecordedEvent[],
    private readonly key: KeyOfEvent | undefined,
    private readonly serializer: EventSerializer,
  ) {
    this.made = batch.map(() => undefined);
  }

  /** Keys of the event that is handled, and of those after it, as they were when this was asked first. */
  all(): readonly RowKey[] {
    if (!this.keys) {
      this.keys = [];
      for (let index = this.current; index < this.batch.length; index++) this.keys.push(...this.keysOf(index));
    }
    return this.keys;
  }

  /**
   * The event that is handled next.
   * @throws what the serializer and the projection's `key` throw
   */
  take(index: number): DeliveredEvents {
    if (index > 0) this.made[index - 1] = undefined;
    this.current = index;
    return this.at(index);
  }

  private at(index: number): DeliveredEvents {
    return (this.made[index] ??= this.make(this.batch[index]!));
  }

  /** If the keys of an event can't be determined, that event fails when it is handled, and no event before it. */
  private keysOf(index: number): readonly RowKey[] {
    if (!this.key) return [idOf(this.batch[index]!.stream)];
    try {
      return this.at(index).keys;
    } catch {
      // Handling that event determines its keys again and fails with the cause.
      return NO_KEYS;
    }
  }

  /** The keys of every event are determined, so that a bad event fails in any batch. */
  private make(recorded: RecordedEvent): DeliveredEvents {
    const { key } = this;
    const events = this.serializer.eventsOf(recorded);
    // Not by pushing: that reserves room for 17 elements, for each event.
    const contexts = events.map((_, part) => contextOf(recorded, part));
    if (!key) return { events, contexts, keys: NO_KEYS };
    const lists = events.map((event, part) => asList(key(event, contexts[part]!)));
    return { events, contexts, keys: lists.length === 1 ? lists[0]! : lists.flat() };
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
