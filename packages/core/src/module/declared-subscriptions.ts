import { SetupError } from '../errors.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { EventRegistry } from '../events/event-registry.js';
import { refuseMissedForgettings } from './refuse-missed-forgettings.js';
import { describeProjection } from '../read-models/projection.decorator.js';
import { readModelSubscription, refuseSharedEntities } from '../read-models/read-model-subscription.js';
import type { SagaMethod } from '../sagas/saga-methods.js';
import { describeSaga } from '../sagas/saga-name.decorator.js';
import { sagaSubscription } from '../sagas/saga-subscription.js';
import { sideEffectSubscription } from '../side-effects/side-effect-subscription.js';
import { describeSideEffect } from '../side-effects/side-effect.decorator.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

/** Registers the subscriptions that the decorators of handlers and sagas declare. */
export class DeclaredSubscriptions {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly events: EventRegistry,
  ) {}

  /** @throws SetupError when the handler can't become a subscription; the message says what to do */
  addHandler(handlerClass: EventClass, handler: object, eventClasses: readonly EventClass[]): void {
    const projection = describeProjection(handlerClass);
    const sideEffect = describeSideEffect(handlerClass);
    const types = this.storedNames(eventClasses);
    if (typeof (handler as { handle?: unknown }).handle !== 'function') {
      throw new SetupError(
        `${handlerClass.name} is an @EventsHandler and has no method handle(event, context). Add it.`,
      );
    }
    if (projection && sideEffect) {
      throw new SetupError(
        `${handlerClass.name} has both @Projection and @SideEffect. Make two classes of it: one writes rows, the other acts.`,
      );
    }
    if (projection) {
      refuseMissedForgettings(handlerClass, projection.name, eventClasses, this.events);
      const subscription = readModelSubscription(handlerClass, projection, handler, types);
      if (!this.registry.find(subscription.name)) refuseSharedEntities(handlerClass, subscription, this.registry);
      this.registry.add(handlerClass, subscription);
    } else if (sideEffect) {
      this.registry.add(handlerClass, sideEffectSubscription(handlerClass, sideEffect, handler, types));
    } else {
      throw new SetupError(
        `${handlerClass.name} is an @EventsHandler without a kind, so its events can't be delivered. ` +
          `Add @Projection({ name, entities }) for a read model, or @SideEffect({ name }) for a side effect.`,
      );
    }
  }

  /** @throws SetupError when the class can't become a subscription; the message says what to do */
  addSaga(sagaClass: Function, methods: readonly SagaMethod[]): void {
    const saga = describeSaga(sagaClass);
    if (!saga) {
      throw new SetupError(
        `${sagaClass.name} has a @Saga but no name for its checkpoint. ` +
          `Put @SagaName('<feature>.<process>') on the class.`,
      );
    }
    const types = this.storedNames(this.events.classes);
    this.registry.add(sagaClass, sagaSubscription(sagaClass, saga, methods, types));
  }

  private storedNames(classes: readonly EventClass[]): string[] {
    return classes.flatMap((eventClass) => this.events.storedNames(eventClass)).toSorted();
  }
}
