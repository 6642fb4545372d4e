import type { EntityClass } from '../databases/open-database.js';
import type { SagaMethod } from '../sagas/saga-methods.js';
import type { ProjectionHandler, SideEffectHandler } from './event-handler.js';
import type { KeyOfEvent } from '../read-models/projection.decorator.js';
import type { RetryOptions } from './retry.decorator.js';
import type { Declared } from './states/subscription-states.js';

interface Common extends Declared {
  readonly retry: Required<RetryOptions>;
}

/** A read model that this application has. */
export interface ReadModelSubscription extends Common {
  readonly kind: 'read-model';
  readonly entities: readonly EntityClass[];
  readonly handler: ProjectionHandler;
  readonly key: KeyOfEvent | undefined;
}

/** A side effect that this application has. */
export interface SideEffectSubscription extends Common {
  readonly kind: 'side-effect';
  readonly startAt: 'now' | 'beginning';
  readonly formerly: readonly string[];
  readonly handler: SideEffectHandler;
}

/** A saga that this application has. */
export interface SagaSubscription extends Common {
  readonly kind: 'saga';
  readonly startAt: 'now' | 'beginning';
  readonly formerly: readonly string[];
  readonly methods: readonly SagaMethod[];
}

/** What sets an event aside that it fails on, and goes on with others. */
export type ParkingSubscription = SideEffectSubscription | SagaSubscription;

export type Subscription = ReadModelSubscription | ParkingSubscription;
