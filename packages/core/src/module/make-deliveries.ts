import type { StoredCommands } from '../commands/stored-commands.js';
import type { Databases } from '../databases/databases.js';
import type { EventLog } from '../event-log/event-log.js';
import type { ResolvedOptions } from './options.js';
import type { SealedCopies } from '../personal-data/sealed-copies.js';
import type { Projector } from '../read-models/projector.js';
import { ReadModelAdoption } from '../read-models/read-model-adoption.js';
import { ReadModelDelivery } from '../read-models/read-model-delivery.js';
import type { ReadModelPositions } from '../read-models/read-model-positions.js';
import { EmittedCommands } from '../sagas/emitted-commands.js';
import type { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import type { Outbox } from '../sagas/outbox/outbox.js';
import { SagaDelivery } from '../sagas/saga-delivery.js';
import { isSaga } from '../sagas/saga-subscription.js';
import { CompanionDelivery } from '../side-effects/companion-delivery.js';
import { SideEffectDelivery } from '../side-effects/side-effect-delivery.js';
import { isSideEffect } from '../side-effects/side-effect-subscription.js';
import type { ParkingDeliveries } from '../subscriptions/parking/parking-deliveries.js';
import type { RetryingSession } from '../subscriptions/parking/parking-session.js';
import type { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import { Rebuilds } from '../read-models/rebuild/rebuilds.js';
import { ShadowSource } from '../read-models/rebuild/shadow-source.js';
import { shadowTablesFor } from '../read-models/rebuild/shadow-tables.js';
import type { Delivery } from '../subscriptions/runners/delivery.js';
import type { Deliveries } from '../operations/runner-factory.js';
import type { StatesByKind } from '../subscriptions/states/states-by-kind.js';

/** Creates the dependencies of the delivery of read models. */
export function readModelDeliveries(
  states: StatesByKind,
  log: EventLog,
  { views }: Databases,
  projector: Projector,
  rebuildStates: RebuildStates,
  positions: ReadModelPositions,
): Deliveries['ofReadModel'] {
  const shadows = new ShadowSource(views.write.dataSource);
  const rebuilds = new Rebuilds(rebuildStates, log, projector, shadowTablesFor(views.write.kind), shadows);
  const adoption = new ReadModelAdoption(states['read-model'], rebuildStates);
  return (subscription) => new ReadModelDelivery(subscription, adoption, log, projector, rebuilds, positions);
}

/** Creates the dependencies of the delivery of side effects and sagas. */
export function parkingDeliveries(
  parking: ParkingDeliveries,
  commands: StoredCommands,
  outbox: Outbox,
  worker: OutboxWorker,
  copies: SealedCopies,
  { eventSizeLimit }: ResolvedOptions,
): Deliveries['ofParking'] {
  const emitted = new EmittedCommands(commands, eventSizeLimit, copies);
  return (subscription): Delivery<RetryingSession> => {
    if (isSaga(subscription)) return new SagaDelivery(subscription, parking, emitted, outbox, worker);
    if (isSideEffect(subscription) && subscription.companion)
      return new CompanionDelivery(subscription, subscription.companion, parking);
    if (isSideEffect(subscription)) return new SideEffectDelivery(subscription, parking);
    throw new Error(`There is no delivery for "${subscription.name}".`);
  };
}
