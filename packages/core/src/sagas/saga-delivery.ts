import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { ParkingDeliveries } from '../subscriptions/parking/parking-deliveries.js';
import type { ParkingSession } from '../subscriptions/parking/parking-session.js';
import type { Reaction } from '../subscriptions/parking/reaction.js';
import type { Delivery } from '../subscriptions/runners/delivery.js';
import type { Run } from '../subscriptions/runners/run.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { SagaSubscription } from './saga-subscription.js';
import type { EmittedCommands } from './emitted-commands.js';
import type { Outbox } from './outbox/outbox.js';
import type { OutboxWorker } from './outbox/outbox-worker.js';
import type { OutboxChange } from './outbox/pending-command.js';

/**
 * Passes each event to the methods of a saga, and stores the emitted commands in the transaction of the checkpoint. So
 * an event is either not handled, or its commands are in the outbox.
 */
export class SagaDelivery implements Delivery<ParkingSession<OutboxChange>>, Reaction<OutboxChange> {
  /** Handling an event twice stores its commands once, so there is no limit on how far the checkpoint may be behind. */
  readonly longestUncommitted = Infinity;

  constructor(
    private readonly subscription: SagaSubscription,
    private readonly parking: ParkingDeliveries,
    private readonly commands: EmittedCommands,
    private readonly outbox: Outbox,
    private readonly worker: OutboxWorker,
  ) {}

  newestVersion(type: string): number | undefined {
    return this.parking.newestVersion(type);
  }

  adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean> {
    return this.parking.adopt(this.subscription, row, manager);
  }

  open(run: Run): Promise<ParkingSession<OutboxChange>> {
    return this.parking.open(this.subscription, run, this);
  }

  handle(events: readonly object[], recorded: RecordedEvent): Promise<OutboxChange[]> {
    return this.commands.of(this.subscription, events, recorded);
  }

  store(manager: EntityManager, changes: readonly OutboxChange[]): Promise<void> {
    return this.outbox.add(manager, this.subscription.name, changes);
  }

  committed(): void {
    this.worker.claim();
  }
}
