import { Inject, Injectable } from '@nestjs/common';
import { EventBus, EventsHandler, type IEvent, type IEventHandler } from '@nestjs/cqrs';
import { ModulesContainer } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { SetupError } from '../errors.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import { EventRegistry } from '../events/event-registry.js';
import { DeclaredSubscriptions } from './declared-subscriptions.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { sagaMethodsOf } from '../sagas/saga-methods.js';
import { describeSaga } from '../sagas/saga-name.decorator.js';
import { LiveEvents } from '../subscriptions/live-events.js';
import { describeProjection } from '../read-models/projection.decorator.js';
import { describeSideEffect } from '../side-effects/side-effect.decorator.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

class ProbeEvent {}
class ProbeHandler {}
EventsHandler(ProbeEvent)(ProbeHandler);
/** Nest does not export the metadata key of its decorator, so it is read from a decorated probe class. */
const HANDLED = Reflect.getOwnMetadataKeys(ProbeHandler)[0] as string;

/**
 * The event bus of `@nestjs/cqrs`, driven by the log. It collects the handlers, and the subscriptions deliver events to
 * them after the commit. A direct observer of the bus receives every event live, without guarantees. Domain events
 * can't be published directly. With the option `eventsInMemory`, events of other classes are published in memory, as
 * without Leftfold.
 */
@Injectable()
export class DurableEventBus extends EventBus {
  @Inject(EventRegistry) private readonly events: EventRegistry;
  @Inject(SubscriptionRegistry) private readonly registry: SubscriptionRegistry;
  @Inject(DeclaredSubscriptions) private readonly declared: DeclaredSubscriptions;
  @Inject(LiveEvents) private readonly live: LiveEvents;
  @Inject(OPTIONS) private readonly kernelOptions: ResolvedOptions;
  @Inject(ModulesContainer) private readonly modules: ModulesContainer;
  /** By instance, because providers made with `useExisting` contain the same instance again. */
  private readonly bound = new Map<object, InstanceWrapper<IEventHandler<IEvent>>>();

  /**
   * Collects the handlers instead of subscribing them to an in-memory subject. Nest's ids of event classes are not
   * used: a class inherits its parent's id until a handler names the class.
   */
  override register(handlers: InstanceWrapper<IEventHandler<IEvent>>[] = []): void {
    const inMemory = handlers.filter((handler) => this.isInMemory(handler));
    super.register(inMemory);
    for (const handler of handlers) if (!inMemory.includes(handler)) this.bound.set(handler.instance, handler);
  }

  /** The last step of setting up the buses. */
  override registerSagas(wrappers: InstanceWrapper<object>[] = []): void {
    for (const { providers } of this.modules.values()) for (const each of providers.values()) refuseWithoutEvents(each);
    for (const handler of this.bound.values()) this.addSubscription(handler);
    const inMemory = wrappers.filter(
      ({ instance }) => this.kernelOptions.eventsInMemory && !describeSaga(instance.constructor),
    );
    super.registerSagas(inMemory);
    const durable = wrappers.filter((wrapper) => !inMemory.includes(wrapper));
    const sagas = new Map(durable.map((wrapper) => [wrapper.instance, wrapper]));
    for (const wrapper of sagas.values()) this.addSaga(wrapper);
    this.live.connect({
      isObserved: () => this.subject$.observed,
      emit: (event) => this.subject$.next(event),
    });
    this.registry.complete();
  }

  /** @throws Error when the event is a domain event (storing it publishes it), or when `eventsInMemory` is off */
  override publish<E extends IEvent>(event: E, ...context: unknown[]): unknown {
    this.refuseToPublish([event]);
    return (super.publish as (...args: unknown[]) => unknown)(event, ...context);
  }

  /** @throws Error as `publish` does */
  override publishAll<E extends IEvent>(events: E[], ...context: unknown[]): unknown {
    this.refuseToPublish(events);
    return (super.publishAll as (...args: unknown[]) => unknown)(events, ...context);
  }

  private refuseToPublish(events: readonly IEvent[]): void {
    if (this.kernelOptions.eventsInMemory && !events.some((event) => this.isDomainEvent(event))) return;
    throw new Error(
      'Events are published by being stored. Let an aggregate apply the event, and save it with AggregateRepository.',
    );
  }

  private isDomainEvent(event: IEvent): boolean {
    return this.events.classes.some((eventClass) => event instanceof eventClass);
  }

  /** Whether none of the events that it handles is ever stored. */
  private isInMemory({ instance, metatype }: InstanceWrapper<IEventHandler<IEvent>>): boolean {
    if (!this.kernelOptions.eventsInMemory) return false;
    const handlerClass = (instance?.constructor ?? metatype) as EventClass;
    if (describeProjection(handlerClass) || describeSideEffect(handlerClass)) return false;
    return !eventsOf(handlerClass).some((listed) => this.events.classes.some((each) => isOrExtends(each, listed)));
  }

  private addSaga(wrapper: InstanceWrapper<object>): void {
    refuseRequestScope(wrapper);
    this.declared.addSaga(wrapper.instance.constructor, sagaMethodsOf(wrapper.instance));
  }

  private addSubscription(handler: InstanceWrapper<IEventHandler<IEvent>>): void {
    refuseRequestScope(handler);
    // For a provider made by a factory, the metatype is the factory.
    const handlerClass = handler.instance.constructor as EventClass;
    const listed = eventsOf(handlerClass);
    const classes = this.events.classes.filter((eventClass) => listed.some((each) => isOrExtends(eventClass, each)));
    const unknown = listed.find((each) => !classes.some((eventClass) => isOrExtends(eventClass, each)));
    if (unknown) {
      throw new SetupError(
        `${handlerClass.name} handles ${unknown.name}, an event class that is not registered. Add it to the events of its ` +
          `aggregate, or to "events" in EventSourcingModule.forFeature.`,
      );
    }
    this.declared.addHandler(handlerClass, handler.instance, classes);
  }
}

function eventsOf(handlerClass: Function): EventClass[] {
  return Reflect.getMetadata(HANDLED, handlerClass) as EventClass[];
}

/** A handler of a class also receives events of subclasses, even if another handler handles those. */
function isOrExtends(eventClass: EventClass, listed: EventClass): boolean {
  return eventClass === listed || eventClass.prototype instanceof listed;
}

/** Nest finds a class by its `@EventsHandler` or its `@Saga`. One that lacks it would start, and never get an event. */
function refuseWithoutEvents({ instance }: InstanceWrapper<unknown>): void {
  const providerClass = (instance as object | null | undefined)?.constructor;
  if (typeof providerClass !== 'function') return;
  const kind = describeProjection(providerClass) ? '@Projection' : describeSideEffect(providerClass) && '@SideEffect';
  if (kind && !Reflect.hasMetadata(HANDLED, providerClass)) {
    throw new SetupError(
      `${providerClass.name} has ${kind} and no @EventsHandler, so it would get no event. Add @EventsHandler with its events.`,
    );
  }
  if (describeSaga(providerClass) && sagaMethodsOf(instance as object).length === 0) {
    throw new SetupError(
      `${providerClass.name} has @SagaName and no @Saga, so it would get no event. Put @Saga() on its methods.`,
    );
  }
}

function refuseRequestScope(wrapper: InstanceWrapper<object>): void {
  if (wrapper.isDependencyTreeStatic()) return;
  throw new SetupError(`${wrapper.name} is request-scoped. An event has no request: make it a singleton.`);
}
