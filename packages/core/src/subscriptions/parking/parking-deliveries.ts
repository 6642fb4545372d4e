import type { EntityManager } from 'typeorm';
import type { EventLog } from '../../event-log/event-log.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { Telemetry } from '../../telemetry.js';
import type { Run } from '../runners/run.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import type { ParkingSubscription } from '../subscription.js';
import { HandlerAttempts } from './handler-attempts.js';
import type { DueEvents } from './due-events.js';
import type { ParkedEvents } from './parked-events.js';
import { ParkedSchedule } from './parked-schedule.js';
import { ParkedRetries } from './parked-retries.js';
import { ParkingSession } from './parking-session.js';
import type { Reaction } from './reaction.js';

/** Delivery for subscriptions that park failed events. Side effects and sagas share it. */
export class ParkingDeliveries {
  constructor(
    private readonly states: SubscriptionStates,
    private readonly parked: ParkedEvents,
    private readonly dueEvents: DueEvents,
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly telemetry: Telemetry,
  ) {}

  newestVersion(type: string): number | undefined {
    return this.serializer.newestVersion(type);
  }

  /** Updates the row of state to match this program: it counts the events that are handled now. */
  async adopt(subscription: ParkingSubscription, row: SubscriptionRow, manager: EntityManager): Promise<boolean> {
    const same = JSON.stringify(row.types) === JSON.stringify(subscription.types);
    if (!same) await this.states.recount(manager, subscription, true);
    return true;
  }

  /** Begins to deliver under a lease. */
  async open<Consequence>(
    subscription: ParkingSubscription,
    run: Run,
    reaction: Reaction<Consequence>,
  ): Promise<ParkingSession<Consequence>> {
    const { parked, dueEvents, log } = this;
    const attempts = new HandlerAttempts(subscription, reaction, this.serializer, this.telemetry);
    const schedule = new ParkedSchedule(parked, run.lease, subscription.retry.backoff.longest);
    const retries = new ParkedRetries(subscription, run, reaction, attempts, dueEvents, log);
    await schedule.refresh();
    return new ParkingSession(run, reaction, attempts, parked, schedule, retries);
  }
}
