import { Inject, Injectable } from '@nestjs/common';
import { EventBus, type IEvent, type IEventHandler } from '@nestjs/cqrs';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { SetupError } from '../errors.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import { EventRegistry } from '../events/event-registry.js';
import { sagaMethodsOf } from '../sagas/saga-methods.js';
import { LiveEvents } from './live-events.js';
import { SubscriptionRegistry } from './subscription-registry.js';

/**
 * The event bus of `@nestjs/cqrs`, driven from the log: handlers are collected, and the subscriptions hand them events
 * after the commit. Who observes the bus itself sees every event, live and without a promise. Nothing is published by hand.
 */
@Injectable()
export class DurableEventBus extends EventBus {
  @Inject(EventRegistry) private readonly events: EventRegistry;
  @Inject(SubscriptionRegistry) private readonly registry: SubscriptionRegistry;
  @Inject(LiveEvents) private readonly live: LiveEvents;
  private readonly bound = new Map<InstanceWrapper<IEventHandler<IEvent>>, string[]>();

  /** Collects the handler, instead of subscribing it to a subject in memory. */
  override bind(handler: InstanceWrapper<IEventHandler<IEvent>>, id: string): void {
    this.bound.set(handler, [...(this.bound.get(handler) ?? []), id]);
  }

  /** The last step of setting up the buses. */
  override registerSagas(wrappers: InstanceWrapper<object>[] = []): void {
    for (const [handler, ids] of this.bound) this.addSubscription(handler, ids);
    for (const wrapper of wrappers) this.addSaga(wrapper);
    this.live.connect({
      isObserved: () => this.subject$.observed,
      emit: (event) => this.subject$.next(event),
    });
    this.registry.complete();
  }

  /** @throws Error always: an event is published by being stored */
  override publish(): never {
    throw new Error(
      'Events are published by being stored. Let an aggregate apply the event, and save it with AggregateRepository.',
    );
  }

  override publishAll(): never {
    return this.publish();
  }

  private addSaga(wrapper: InstanceWrapper<object>): void {
    refuseRequestScope(wrapper);
    this.registry.addSaga(wrapper.instance.constructor, sagaMethodsOf(wrapper.instance));
  }

  private addSubscription(handler: InstanceWrapper<IEventHandler<IEvent>>, ids: readonly string[]): void {
    const handlerClass = handler.metatype as unknown as EventClass;
    refuseRequestScope(handler);
    const classes = this.events.classes.filter((eventClass) =>
      ids.includes(this.eventIdProvider.getEventId(eventClass as never) ?? ''),
    );
    if (classes.length < ids.length) {
      throw new SetupError(
        `${handler.name} handles an event class that is not registered. Add it to the events of its aggregate, ` +
          `or to "events" in EventSourcingModule.forFeature.`,
      );
    }
    this.registry.add(handlerClass, handler.instance, classes);
  }
}

function refuseRequestScope(wrapper: InstanceWrapper<object>): void {
  if (wrapper.isDependencyTreeStatic()) return;
  throw new SetupError(`${wrapper.name} is request-scoped. An event has no request: make it a singleton.`);
}
