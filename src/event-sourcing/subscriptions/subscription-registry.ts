import { SetupError } from '../errors.js';
import type { EntityClass } from '../databases/open-database.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { EventRegistry } from '../events/event-registry.js';
import type { ProjectionHandler } from './event-handler.js';
import { describeProjection } from './projection.decorator.js';

/** A read model that this application has. */
export interface ReadModelSubscription {
  readonly name: string;
  readonly version: number;
  readonly entities: readonly EntityClass[];
  /** Stored names of the events that it handles. */
  readonly types: readonly string[];
  readonly handler: ProjectionHandler;
}

/** The subscriptions that the handlers of this application declare. Complete once the buses have been set up. */
export class SubscriptionRegistry {
  private readonly readModelsByName = new Map<string, ReadModelSubscription>();
  private onComplete: (() => void) | undefined;

  constructor(private readonly events: EventRegistry) {}

  get readModels(): ReadModelSubscription[] {
    return [...this.readModelsByName.values()];
  }

  /** @throws SetupError when the handler can't become a subscription; the message says what to do */
  add(handlerClass: EventClass, handler: object, eventClasses: readonly EventClass[]): void {
    const projection = describeProjection(handlerClass);
    if (!projection) {
      throw new SetupError(
        `${handlerClass.name} is an @EventsHandler and nothing else, so nobody knows how to deliver its events. ` +
          `Add @Projection({ name, entities }) for a read model.`,
      );
    }
    const { name, version = 1, entities } = projection;
    this.refuseTaken(handlerClass, name, entities);
    this.readModelsByName.set(name, {
      name,
      version,
      entities,
      types: eventClasses.flatMap((eventClass) => this.events.storedNames(eventClass)),
      handler: handler as ProjectionHandler,
    });
  }

  complete(): void {
    this.onComplete?.();
  }

  whenComplete(run: () => void): void {
    this.onComplete = run;
  }

  private refuseTaken(handlerClass: EventClass, name: string, entities: readonly EntityClass[]): void {
    if (this.readModelsByName.has(name)) {
      throw new SetupError(`Two projections are named "${name}"; one is ${handlerClass.name}. Give it another name.`);
    }
    for (const other of this.readModels) {
      const shared = entities.find((entity) => other.entities.includes(entity));
      if (shared) {
        throw new SetupError(
          `${handlerClass.name} writes ${entityName(shared)}, which the projection "${other.name}" owns. ` +
            `Give each projection entities of its own.`,
        );
      }
    }
  }
}

function entityName(entity: EntityClass): string {
  return typeof entity === 'function' ? entity.name : entity.options.name;
}
