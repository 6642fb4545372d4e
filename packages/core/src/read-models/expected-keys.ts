import type { EventSerializer } from '../event-log/event-serializer.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { contextOf } from '../subscriptions/event-handler.js';
import type { KeyOfEvent } from './projection.decorator.js';
import type { RowKey } from './row.js';

/** What a stored event is for a projection. */
export interface KeyedEvents {
  /** What the handler receives: one event, several parts, or none. */
  readonly events: readonly object[];
  /** Keys of the rows that it belongs to. */
  readonly keys: readonly RowKey[];
}

/** The events of a batch with their keys. Each is made once, all of them when the first row is requested. */
export class ExpectedKeys {
  private readonly made: (KeyedEvents | undefined)[] = [];
  private keys: RowKey[] | undefined;

  constructor(
    private readonly batch: readonly RecordedEvent[],
    private readonly key: KeyOfEvent | undefined,
    private readonly serializer: EventSerializer,
  ) {}

  all(): readonly RowKey[] {
    return (this.keys ??= this.batch.flatMap((_, index) => this.tryKeysOf(index)));
  }

  /** @throws what the serializer and the projection's `key` throw */
  at(index: number): KeyedEvents {
    return (this.made[index] ??= this.make(this.batch[index]!));
  }

  /** If the keys of an event can't be determined, that event fails when it is handled, and no event before it. */
  private tryKeysOf(index: number): readonly RowKey[] {
    try {
      return this.at(index).keys;
    } catch {
      // Handling that event determines its keys again and fails with the cause.
      return [];
    }
  }

  private make(recorded: RecordedEvent): KeyedEvents {
    const { key } = this;
    const events = this.serializer.eventsOf(recorded);
    if (!key) return { events, keys: [idOf(recorded.stream)] };
    return { events, keys: events.flatMap((event, part) => key(event, contextOf(recorded, part)) ?? []) };
  }
}

/**
 * By default an event belongs to the row with the id of its stream, because most read models have a row per aggregate.
 * Tables whose primary key the value does not fit ignore it.
 */
function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
