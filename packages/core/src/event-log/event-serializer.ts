import { classOf } from '../constructor.js';
import { SetupError } from '../errors.js';
import type { NewEvent } from './event-log.js';
import type { CurrentEvent, EventPayload, RecordedEvent } from './recorded-event.js';
import { type EventDescriptor, refuseOwnType } from '../events/domain-event.decorator.js';
import type { EventRegistry } from '../events/event-registry.js';
import { decodeJson, type JsonObject } from '../events/json.js';
import type { EventMetadata } from '../events/metadata.js';
import { copyOf, isNested, mayBeNested } from '../events/own-data.js';
import { revive } from '../events/revive.js';
import { type Tag, tagsOf } from '../events/tags.js';
import { personalContentOf } from './personal-content-of.js';

/** A stored event was to be read whose type no registered class has. */
export class UnknownEventTypeError extends Error {
  constructor(readonly event: Pick<RecordedEvent, 'type' | 'stream' | 'version' | 'position'>) {
    super(
      `No class is registered for the stored event type "${event.type}" (${event.stream}, version ${event.version}, position ${event.position}). ` +
        `Register the class in EventSourcingModule.forFeature, or deploy a version that has it.`,
    );
    this.name = 'UnknownEventTypeError';
  }
}

/** A stored event has a higher schema version than this version of the program knows. */
export class NewerEventError extends Error {
  constructor({ type, schemaVersion, position }: RecordedEvent, known: number) {
    super(
      `The event at position ${position} is version ${schemaVersion} of "${type}"; this program knows versions up to ${known}. ` +
        `Deploy the newer program.`,
    );
    this.name = 'NewerEventError';
  }
}

/** Converts event instances to stored events and back. The only place that does. */
export class EventSerializer {
  constructor(private readonly registry: EventRegistry) {}

  /**
   * The event in stored form: its stored name, version, data and tags.
   * @throws SetupError when its class carries no `@DomainEvent`, or no feature registers it
   * @throws UnstorableValueError when it has its own property `type`, which would hide its stored name, or personal
   * fields whose subject is not known
   */
  toNewEvent(event: object, metadata: EventMetadata): NewEvent {
    const descriptor = this.registry.forClass(classOf(event));
    refuseOwnType(event);
    const personal = personalContentOf(event, descriptor);
    return {
      type: descriptor.type,
      schemaVersion: descriptor.schemaVersion,
      data: event as JsonObject,
      metadata,
      tags: this.declaredTags(event),
      closes: descriptor.closes,
      ...(personal && { personal }),
    };
  }

  /** Newest version of a stored type that this program knows, Infinity when it drops the type; undefined when it has no class for it. */
  newestVersion(type: string): number | undefined {
    if (this.registry.isDropped(type)) return Infinity;
    return this.registry.forType(type)?.schemaVersion;
  }

  /**
   * Upcasts the data to the class's schema version and revives the instances without running their constructor. They share
   * nothing with those of another call: subscriptions get the same recorded event, and each may change its lists.
   * @returns the event; several when an upcaster splits it; none when it is dropped, by its type or by an upcaster
   * @throws UnknownEventTypeError, NewerEventError; SetupError when an upcaster gives an event a type of its own
   */
  eventsOf<E extends object>(recorded: RecordedEvent): E[] {
    const descriptor = this.registry.forType(recorded.type);
    if (!descriptor) {
      if (this.registry.isDropped(recorded.type)) return [];
      throw new UnknownEventTypeError(recorded);
    }
    const { eventClass, schemaVersion } = descriptor;
    if (recorded.schemaVersion > schemaVersion) throw new NewerEventError(recorded, schemaVersion);
    const prototype = eventClass.prototype as object;
    if (recorded.schemaVersion === schemaVersion) return [revive<E>(prototype, ownDataOf(recorded))];
    return upcast(recorded, descriptor).map((data) => revive<E>(prototype, data));
  }

  /**
   * The class and the data of an event when its class has the schema version that is stored, so that nothing else of the
   * stored event is needed.
   * @returns undefined when `eventsOf` is needed
   * @internal
   */
  currentOf({ type, schemaVersion, dataText, decrypt }: EventPayload): CurrentEvent | undefined {
    const descriptor = this.registry.forType(type);
    if (descriptor?.schemaVersion !== schemaVersion) return undefined;
    const prototype = descriptor.eventClass.prototype as object;
    if (!decrypt) return { prototype, data: decodeJson<JsonObject>(dataText) };
    const { data, keys } = decrypt();
    return { prototype, data, keys };
  }

  /**
   * The tags that today's class gives a stored event.
   * @throws UnknownEventTypeError, NewerEventError
   */
  tagsOf(recorded: RecordedEvent): Tag[] {
    return this.eventsOf(recorded).flatMap((event) => this.declaredTags(event));
  }

  private declaredTags(event: object): Tag[] {
    const { tags } = this.registry.forClass(classOf(event));
    return tags ? tagsOf(tags(event)) : [];
  }
}

/** `revive` copies the properties themselves. */
function ownDataOf({ dataText, data }: RecordedEvent): JsonObject {
  return mayBeNested(dataText) && isNested(data) ? copyOf(data) : data;
}

function upcast(recorded: RecordedEvent, { schemaVersion, upcasters }: EventDescriptor): readonly JsonObject[] {
  // An upcaster may change the data that it gets.
  let parts: readonly JsonObject[] = [copyOf(recorded.data)];
  for (let version = recorded.schemaVersion; version < schemaVersion; version++) {
    const convert = (data: JsonObject): readonly JsonObject[] => [upcasters[version]!(data, recorded) ?? []].flat();
    parts = parts.flatMap((data) => convert(data).map((part) => withoutNewType(part, data, recorded, version)));
  }
  return parts;
}

/** A part can't have a type of its own: queries look for stored types, and would not find it. */
function withoutNewType(part: JsonObject, before: JsonObject, { type, position }: RecordedEvent, version: number) {
  if (!Object.hasOwn(part, 'type') || Object.hasOwn(before, 'type')) return part;
  throw new SetupError(
    `The upcaster of version ${version} of "${type}" returns a property "type" (position ${position}). All parts of an ` +
      `event have its type. Return the data alone, or call the property something else.`,
  );
}
