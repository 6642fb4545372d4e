import type { EventLog } from '../../event-log/event-log.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { classOf } from '../../constructor.js';
import type { EventRegistry } from '../../events/event-registry.js';
import type { Forgetting } from '../../personal-data/personal-data.js';

/** Finds the events that forget somebody. */
export class ForgettingEvents {
  /** Stored types of the events. */
  readonly types: readonly string[];

  constructor(
    private readonly log: EventLog,
    private readonly registry: EventRegistry,
    private readonly serializer: EventSerializer,
  ) {
    this.types = forgettingTypes(registry);
  }

  /** The first one after a position, and up to where it has looked. */
  async next(after: number, upTo?: number): Promise<{ event: RecordedEvent | undefined; upTo: number }> {
    if (this.types.length === 0) return { event: undefined, upTo: upTo ?? after };
    const to = upTo === undefined ? {} : { upTo };
    const slice = await this.log.readAll({ after, limit: 1, types: this.types, ...to });
    return { event: slice.events[0], upTo: slice.upTo };
  }

  /** Whether this log has the event of a forgetting: the same id at the same position. */
  async has({ eventId, position }: Forgetting): Promise<boolean> {
    const { events } = await this.log.readAll({ after: position - 1, limit: 1 });
    return events[0]?.position === position && events[0].eventId === eventId;
  }

  /** @throws Error when its subject is no text */
  of(recorded: RecordedEvent): Forgetting[] {
    return forgettingsOf(recorded, this.registry, this.serializer);
  }
}

/**
 * Whom an event forgets.
 * @throws Error when its subject is no text
 */
export function forgettingsOf(
  recorded: RecordedEvent,
  registry: EventRegistry,
  serializer: EventSerializer,
): Forgetting[] {
  const { eventId, position, recordedAt } = recorded;
  return serializer.eventsOf(recorded).flatMap((event) => {
    const subject: unknown = registry.forClass(classOf(event)).forgets?.subject(event);
    if (subject === undefined) return [];
    if (typeof subject !== 'string' || subject === '') {
      throw new Error(`"forgets" of ${classOf(event).name} gives no subject for the event at position ${position}.`);
    }
    return [{ subject, eventId, position, forgottenAt: recordedAt }];
  });
}

/** All names under which events that forget somebody may be stored. */
export function forgettingTypes(registry: EventRegistry): string[] {
  const classes = registry.classes.filter((eventClass) => registry.forClass(eventClass).forgets);
  return classes.flatMap((eventClass) => registry.storedNames(eventClass));
}
