import { SetupError } from '../errors.js';
import { type EventClass, type EventDescriptor, describeEvent } from './domain-event.decorator.js';
import { EVENT_SKIPPED } from './operator-events.js';

const NOTHING = { type: '', descriptor: undefined };

/** Maps stored names to event classes, for all features of the application. */
export class EventRegistry {
  private readonly byType = new Map<string, EventDescriptor>();
  private readonly byClass = new Map<EventClass, EventDescriptor>();
  /** The type that was asked for last: events of a type often follow one another, and a text that was just read is compared faster than looked up. */
  private last: { readonly type: string; readonly descriptor: EventDescriptor | undefined } = NOTHING;
  private readonly dropped = new Set<string>([EVENT_SKIPPED]);

  /** @throws SetupError when the class has no stored name, or another class has one of its names */
  register(eventClass: EventClass): void {
    const descriptor = describeEvent(eventClass);
    for (const name of [descriptor.type, ...descriptor.aliases]) {
      const taken = this.byType.get(name);
      if (taken && taken.eventClass !== eventClass) {
        throw new SetupError(
          `${taken.eventClass.name} and ${eventClass.name} both have the stored name "${name}". ` +
            `Give one of them another name in its @DomainEvent.`,
        );
      }
      if (this.dropped.has(name)) throw droppedAndKnown(name, eventClass);
      this.byType.set(name, descriptor);
    }
    this.byClass.set(eventClass, descriptor);
    this.last = NOTHING;
  }

  /**
   * Declares a stored type that is skipped wherever events are folded or handled.
   * @throws SetupError when a class has this name
   */
  drop(type: string): void {
    const known = this.byType.get(type);
    if (known) throw droppedAndKnown(type, known.eventClass);
    this.dropped.add(type);
  }

  isDropped(type: string): boolean {
    return this.dropped.has(type);
  }

  /** All names under which events of this class may be stored. */
  storedNames(eventClass: EventClass): string[] {
    const { type, aliases } = this.forClass(eventClass);
    return [type, ...aliases];
  }

  /** All stored names of the class that has, or had, this one; only the given name when no class has it. */
  namesOf(type: string): string[] {
    const descriptor = this.byType.get(type);
    return descriptor ? [descriptor.type, ...descriptor.aliases] : [type];
  }

  get classes(): EventClass[] {
    return [...this.byClass.keys()];
  }

  forType(type: string): EventDescriptor | undefined {
    if (type !== this.last.type) this.last = { type, descriptor: this.byType.get(type) };
    return this.last.descriptor;
  }

  /** @throws SetupError when the class was not registered through `EventSourcingModule.forFeature` */
  forClass(eventClass: EventClass): EventDescriptor {
    const descriptor = this.byClass.get(eventClass);
    if (!descriptor) {
      throw new SetupError(
        `${eventClass.name} is not registered. Add it to the events of its aggregate, or to "events" in EventSourcingModule.forFeature.`,
      );
    }
    return descriptor;
  }
}

function droppedAndKnown(type: string, eventClass: EventClass): SetupError {
  return new SetupError(
    `"${type}" is among the dropped events, and ${eventClass.name} has that name. Take it out of one of the two.`,
  );
}
