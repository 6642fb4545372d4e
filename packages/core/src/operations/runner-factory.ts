import type { EventLog } from '../event-log/event-log.js';
import type { ReadModelSession } from '../read-models/read-model-session.js';
import type { Telemetry } from '../telemetry.js';
import type { LogTail } from '../subscriptions/log-tail.js';
import type { RetryingSession } from '../subscriptions/parking/parking-session.js';
import type { Spreading } from '../subscriptions/ranges/spreading.js';
import type { ParkingSubscription } from '../subscriptions/subscription.js';
import { type ReadModelSubscription, readModelsOf } from '../read-models/read-model-subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { Delivery } from '../subscriptions/runners/delivery.js';
import { SubscriptionRunner } from '../subscriptions/runners/subscription-runner.js';

/** Creates the delivery of a subscription, by its kind. */
export interface Deliveries {
  ofReadModel(subscription: ReadModelSubscription): Delivery<ReadModelSession>;
  ofParking(subscription: ParkingSubscription): Delivery<RetryingSession>;
}

/** Creates the runner of a subscription. */
export class RunnerFactory {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly spreading: Spreading,
    private readonly log: EventLog,
    private readonly tail: LogTail,
    private readonly telemetry: Telemetry,
  ) {}

  all(registry: SubscriptionRegistry): SubscriptionRunner[] {
    return [
      ...readModelsOf(registry).map((each) => this.ofReadModel(each)),
      ...registry.parking.map((each) => this.ofParking(each)),
    ];
  }

  ofReadModel(subscription: ReadModelSubscription): SubscriptionRunner<ReadModelSession> {
    const delivery = this.deliveries.ofReadModel(subscription);
    return new SubscriptionRunner(
      subscription,
      delivery,
      this.spreading.of(subscription),
      this.log,
      this.tail,
      this.telemetry,
    );
  }

  ofParking(subscription: ParkingSubscription): SubscriptionRunner<RetryingSession> {
    const delivery = this.deliveries.ofParking(subscription);
    const states = this.spreading.of(subscription);
    return new SubscriptionRunner(subscription, delivery, states, this.log, this.tail, this.telemetry);
  }
}
