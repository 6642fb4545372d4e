import { SagaRunner, type SagaSurroundings } from '../../sagas/saga-runner.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import type { ParkingSubscription, ReadModelSubscription, Subscription } from '../subscription.js';
import type { SubscriptionRegistry } from '../subscription-registry.js';
import type { ParkingSurroundings } from './parking-surroundings.js';
import { ReadModelRunner, type ReadModelSurroundings } from './read-model-runner.js';
import { SideEffectRunner } from './side-effect-runner.js';
import type { SubscriptionRunner } from './subscription-runner.js';

export interface SurroundingsByKind {
  readonly 'read-model': ReadModelSurroundings;
  readonly 'side-effect': ParkingSurroundings;
  readonly saga: SagaSurroundings;
}

/** Makes the runner of a subscription, with what its kind needs. */
export class RunnerFactory {
  constructor(private readonly around: SurroundingsByKind) {}

  all(registry: SubscriptionRegistry): SubscriptionRunner[] {
    return registry.all.map((each) => (each.kind === 'read-model' ? this.ofReadModel(each) : this.ofParking(each)));
  }

  ofReadModel(subscription: ReadModelSubscription): ReadModelRunner {
    return new ReadModelRunner(subscription, this.around['read-model']);
  }

  ofParking(subscription: ParkingSubscription): SagaRunner | SideEffectRunner {
    return subscription.kind === 'saga'
      ? new SagaRunner(subscription, this.around.saga)
      : new SideEffectRunner(subscription, this.around['side-effect']);
  }

  statesOf({ kind }: Subscription): SubscriptionStates {
    return this.around[kind].states;
  }
}
