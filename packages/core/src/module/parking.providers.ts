import type { Provider } from '@nestjs/common';
import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { OPTIONS } from './options.js';
import { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import { OutboxTable } from '../sagas/outbox/outbox-table.js';
import { Outbox } from '../sagas/outbox/outbox.js';
import { Telemetry } from '../telemetry.js';
import { ParkedEvents } from '../subscriptions/parking/parked-events.js';
import { ParkingDeliveries } from '../subscriptions/parking/parking-deliveries.js';
import { parkingDeliveries } from './make-deliveries.js';
import { RenamedSubscriptions } from '../subscriptions/renamed-subscriptions.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SealedCopies } from '../personal-data/sealed-copies.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { DueEvents } from '../subscriptions/parking/due-events.js';

/** Injection token of what makes the deliveries of side effects and sagas. */
export const OF_PARKING = Symbol('leftfold.deliveries.parking');

export const PARKING_PROVIDERS: Provider[] = [
  {
    provide: ParkedEvents,
    inject: [Databases],
    useFactory: ({ events }: Databases) => new ParkedEvents(events),
  },
  {
    provide: DueEvents,
    inject: [Databases, ParkedEvents],
    useFactory: ({ events }: Databases, parked: ParkedEvents) => new DueEvents(events, parked),
  },
  {
    provide: ParkingDeliveries,
    inject: [StatesByKind, ParkedEvents, DueEvents, EventLog, EventSerializer, Telemetry],
    useFactory: (
      { saga }: StatesByKind,
      parked: ParkedEvents,
      dueEvents: DueEvents,
      log: EventLog,
      serializer: EventSerializer,
      telemetry: Telemetry,
    ) => new ParkingDeliveries(saga, parked, dueEvents, log, serializer, telemetry),
  },
  {
    provide: OF_PARKING,
    inject: [ParkingDeliveries, StoredCommands, Outbox, OutboxWorker, SealedCopies, OPTIONS],
    useFactory: parkingDeliveries,
  },
  {
    provide: RenamedSubscriptions,
    inject: [Databases, StatesByKind, SubscriptionRegistry, OutboxTable],
    useFactory: (
      { events }: Databases,
      { saga }: StatesByKind,
      registry: SubscriptionRegistry,
      commands: OutboxTable,
    ) => new RenamedSubscriptions(events, saga, registry, commands),
  },
];
