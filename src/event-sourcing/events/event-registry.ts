import { SetupError } from '../errors.js';
import { type EventClass, type EventDescriptor, describeEvent } from './domain-event.decorator.js';

/** Which class stands for which stored name, over all features of the application. */
export class EventRegistry {
  private readonly byType = new Map<string, EventDescriptor>();
  private readonly byClass = new Map<EventClass, EventDescriptor>();

  /** @throws SetupError when a class has no stored name, or another class has the same one */
  register(eventClass: EventClass): void {
    const descriptor = describeEvent(eventClass);
    const taken = this.byType.get(descriptor.type);
    if (taken && taken.eventClass !== eventClass) {
      throw new SetupError(
        `${taken.eventClass.name} and ${eventClass.name} both have the stored name "${descriptor.type}". ` +
          `Give one of them another name in its @DomainEvent.`,
      );
    }
    this.byType.set(descriptor.type, descriptor);
    this.byClass.set(eventClass, descriptor);
  }

  get classes(): EventClass[] {
    return [...this.byClass.keys()];
  }

  forType(type: string): EventDescriptor | undefined {
    return this.byType.get(type);
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
