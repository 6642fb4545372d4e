import { SetupError } from '../errors.js';
import type { EntityClass } from '../databases/open-database.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { EventRegistry } from '../events/event-registry.js';
import type { SagaMethod } from '../sagas/saga-methods.js';
import { describeSaga, type SagaDescriptor } from '../sagas/saga-name.decorator.js';
import type { ProjectionHandler, SideEffectHandler } from './event-handler.js';
import { describeProjection, type ProjectionOptions } from '../read-models/projection.decorator.js';
import { describeRetry } from './retry.decorator.js';
import { describeSideEffect, type SideEffectOptions } from '../side-effects/side-effect.decorator.js';
import type { ReadModelSubscription, SagaSubscription, SideEffectSubscription, Subscription } from './subscription.js';

const DEATHS = 10;
/** Whoever reads waits for a read model, so it stops soon. */
const READ_MODEL_RETRY = { attempts: 6, backoff: { first: 50, longest: 5_000 }, deaths: DEATHS };
/** What they need is away for minutes at times: the world outside, or another part of this application. */
const PARKING_RETRY = { attempts: 10, backoff: { first: 1_000, longest: 5 * 60_000 }, deaths: DEATHS };

/** The subscriptions that the handlers of this application declare. Complete once the buses have been set up. */
export class SubscriptionRegistry {
  private readonly byName = new Map<string, Subscription>();
  private onComplete: (() => void) | undefined;

  constructor(private readonly events: EventRegistry) {}

  get all(): Subscription[] {
    return [...this.byName.values()];
  }

  get readModels(): ReadModelSubscription[] {
    return this.all.filter((each) => each.kind === 'read-model');
  }

  get sideEffects(): SideEffectSubscription[] {
    return this.all.filter((each) => each.kind === 'side-effect');
  }

  get sagas(): SagaSubscription[] {
    return this.all.filter((each) => each.kind === 'saga');
  }

  find(name: string): Subscription | undefined {
    return this.byName.get(name);
  }

  /** @throws SetupError when the handler can't become a subscription; the message says what to do */
  add(handlerClass: EventClass, handler: object, eventClasses: readonly EventClass[]): void {
    const projection = describeProjection(handlerClass);
    const sideEffect = describeSideEffect(handlerClass);
    if (projection && sideEffect) {
      throw new SetupError(
        `${handlerClass.name} has both @Projection and @SideEffect. Make two classes of it: one writes rows, the other acts.`,
      );
    }
    if (!projection && !sideEffect) {
      throw new SetupError(
        `${handlerClass.name} is an @EventsHandler and nothing else, so nobody knows how to deliver its events. ` +
          `Add @Projection({ name, entities }) for a read model, or @SideEffect({ name }) for what acts on the world.`,
      );
    }
    const types = eventClasses.flatMap((eventClass) => this.events.storedNames(eventClass)).toSorted();
    const subscription = projection
      ? readModel(handlerClass, projection, handler, types)
      : sideEffectOf(handlerClass, sideEffect!, handler, types);
    this.enter(handlerClass, subscription);
  }

  /** @throws SetupError when the class can't become a subscription; the message says what to do */
  addSaga(sagaClass: Function, methods: readonly SagaMethod[]): void {
    const saga = describeSaga(sagaClass);
    if (!saga) {
      throw new SetupError(
        `${sagaClass.name} has a @Saga and no name under which its place in the log is kept. ` +
          `Put @SagaName('<feature>.<process>') on the class.`,
      );
    }
    // What a saga takes no notice of is for it to say, with ofType.
    const types = this.events.classes.flatMap((eventClass) => this.events.storedNames(eventClass)).toSorted();
    this.enter(sagaClass, sagaOf(sagaClass, saga, methods, types));
  }

  complete(): void {
    this.onComplete?.();
  }

  whenComplete(run: () => void): void {
    this.onComplete = run;
  }

  private enter(handlerClass: Function, subscription: Subscription): void {
    this.refuseTaken(handlerClass, subscription);
    this.byName.set(subscription.name, subscription);
  }

  private refuseTaken(handlerClass: Function, subscription: Subscription): void {
    const { name } = subscription;
    if (this.byName.has(name)) {
      throw new SetupError(`Two subscriptions are named "${name}"; one is ${handlerClass.name}. Give it another name.`);
    }
    if (subscription.kind !== 'read-model') return;
    for (const other of this.readModels) {
      const shared = subscription.entities.find((entity) => other.entities.includes(entity));
      if (shared) {
        throw new SetupError(
          `${handlerClass.name} writes ${entityName(shared)}, which the projection "${other.name}" owns. ` +
            `Give each projection entities of its own.`,
        );
      }
    }
  }
}

function readModel(
  handlerClass: EventClass,
  { name, version = 1, entities, key }: ProjectionOptions,
  handler: object,
  types: readonly string[],
): ReadModelSubscription {
  const retry = { ...READ_MODEL_RETRY, ...describeRetry(handlerClass) };
  return { kind: 'read-model', name, version, types, entities, key, retry, handler: handler as ProjectionHandler };
}

function sideEffectOf(
  handlerClass: EventClass,
  { name, startAt = 'now', formerly = [] }: SideEffectOptions,
  handler: object,
  types: readonly string[],
): SideEffectSubscription {
  const retry = { ...PARKING_RETRY, ...describeRetry(handlerClass) };
  return {
    kind: 'side-effect',
    name,
    version: 1,
    types,
    startAt,
    formerly,
    retry,
    handler: handler as SideEffectHandler,
  };
}

function sagaOf(
  sagaClass: Function,
  { name, startAt = 'now', formerly = [] }: SagaDescriptor,
  methods: readonly SagaMethod[],
  types: readonly string[],
): SagaSubscription {
  const retry = { ...PARKING_RETRY, ...describeRetry(sagaClass) };
  return { kind: 'saga', name, version: 1, types, startAt, formerly, retry, methods };
}

function entityName(entity: EntityClass): string {
  return typeof entity === 'function' ? entity.name : entity.options.name;
}
