import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { ParkingDeliveries } from '../subscriptions/parking/parking-deliveries.js';
import type { ParkingSession } from '../subscriptions/parking/parking-session.js';
import type { Reaction } from '../subscriptions/parking/reaction.js';
import type { Delivery } from '../subscriptions/runners/delivery.js';
import type { Run } from '../subscriptions/runners/run.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { SideEffectSubscription } from './side-effect-subscription.js';

/** Calls a handler at least once for each event. Its effect is external, so nothing needs to be stored. */
export class SideEffectDelivery implements Delivery<ParkingSession<never>>, Reaction<never> {
  /** Short enough that few events are repeated after a crash, and long enough not to slow down a fast handler. */
  readonly longestUncommitted = 20;
  readonly concurrency: number;
  readonly takesStored: boolean;

  constructor(
    private readonly subscription: SideEffectSubscription,
    private readonly parking: ParkingDeliveries,
  ) {
    this.concurrency = subscription.concurrency;
    this.takesStored = subscription.takesStored;
  }

  newestVersion(type: string): number | undefined {
    return this.parking.newestVersion(type);
  }

  adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean> {
    return this.parking.adopt(this.subscription, row, manager);
  }

  open(run: Run): Promise<ParkingSession<never>> {
    return this.parking.open(this.subscription, run, this);
  }

  async handle(events: readonly object[], recorded: RecordedEvent): Promise<never[]> {
    await this.subscription.handle(events, recorded);
    return [];
  }

  async store(): Promise<void> {
    // A side effect has nothing to store.
  }

  committed(): void {
    // A side effect has no consequences to announce.
  }

  async close(): Promise<void> {
    await this.subscription.close?.();
  }
}
