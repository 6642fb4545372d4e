import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { ParkingDeliveries } from '../subscriptions/parking/parking-deliveries.js';
import type { RetryingSession } from '../subscriptions/parking/parking-session.js';
import type { Delivery } from '../subscriptions/runners/delivery.js';
import { PoisonEventError } from '../subscriptions/runners/handler-failure.js';
import type { Run } from '../subscriptions/runners/run.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { LogCompanion } from './log-companion.js';
import type { SideEffectSubscription } from './side-effect-subscription.js';

/** Lets a companion follow the log while this process owns its subscription. */
export class CompanionDelivery implements Delivery<CompanionSession> {
  constructor(
    private readonly subscription: SideEffectSubscription,
    private readonly companion: LogCompanion,
    private readonly parking: ParkingDeliveries,
  ) {}

  /** It needs to know no event. */
  newestVersion(): number {
    return Infinity;
  }

  adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean> {
    return this.parking.adopt(this.subscription, row, manager);
  }

  async open(run: Run): Promise<CompanionSession> {
    return new CompanionSession(run, this.companion);
  }
}

/** One lease of a companion. Nothing is ever parked or skipped. */
class CompanionSession implements RetryingSession {
  private position: number;

  constructor(
    private readonly run: Run,
    private readonly companion: LogCompanion,
  ) {
    this.position = run.checkpoint.position;
  }

  doDueWork(): Promise<number> {
    const { checkpoint } = this.run;
    return this.companion.follow(this.position, (write) =>
      checkpoint.commit({ to: checkpoint.position, handled: 0, eventId: null }, write),
    );
  }

  async deliver(): Promise<number> {
    throw new Error('A companion of the log is handed no events.');
  }

  reached(position: number): void {
    this.position = position;
  }

  async skipPoison(event: RecordedEvent, deaths: number): Promise<number> {
    throw new PoisonEventError(event, deaths);
  }

  async retryNow(): Promise<void> {
    // Nothing is parked, so there is nothing to retry.
  }

  rowChanged(): void {
    // The companion has its own rows.
  }

  async close(): Promise<void> {
    await this.companion.close?.();
  }
}
