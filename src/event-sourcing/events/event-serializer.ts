import type { NewEvent } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventClass } from './domain-event.decorator.js';
import type { EventRegistry } from './event-registry.js';
import type { JsonObject } from './json.js';
import type { EventMetadata } from './metadata.js';
import { tagsOf } from './tags.js';

/** A stored event whose type no class knows, where it had to be understood. */
export class UnknownEventTypeError extends Error {
  constructor(readonly event: Pick<RecordedEvent, 'type' | 'stream' | 'version' | 'position'>) {
    super(
      `No class is registered for the stored event type "${event.type}" (${event.stream}, version ${event.version}, position ${event.position}). ` +
        `Register the class in EventSourcingModule.forFeature, or deploy a version that has it.`,
    );
    this.name = 'UnknownEventTypeError';
  }
}

/** The one place where event instances become stored events, and stored events instances. */
export class EventSerializer {
  constructor(private readonly registry: EventRegistry) {}

  toNewEvent(event: object, metadata: EventMetadata): NewEvent {
    const descriptor = this.registry.forClass(event.constructor as EventClass);
    return {
      type: descriptor.type,
      schemaVersion: descriptor.schemaVersion,
      data: event as JsonObject,
      metadata,
      tags: descriptor.tags ? tagsOf(descriptor.tags(event)) : [],
    };
  }

  /**
   * Revives the instance without running its constructor.
   * @throws UnknownEventTypeError
   */
  fromRecorded<E extends object>(recorded: RecordedEvent): E {
    const descriptor = this.registry.forType(recorded.type);
    if (!descriptor) throw new UnknownEventTypeError(recorded);
    return Object.assign(Object.create(descriptor.eventClass.prototype as object) as object, recorded.data) as E;
  }
}
