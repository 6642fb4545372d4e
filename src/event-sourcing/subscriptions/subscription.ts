import type { EntityClass } from '../databases/open-database.js';
import type { ProjectionHandler, SideEffectHandler } from './event-handler.js';
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
}

/** A side effect that this application has. */
export interface SideEffectSubscription extends Common {
  readonly kind: 'side-effect';
  readonly startAt: 'now' | 'beginning';
  readonly handler: SideEffectHandler;
}

export type Subscription = ReadModelSubscription | SideEffectSubscription;
