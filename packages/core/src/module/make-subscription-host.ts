import { EventLog } from '../event-log/event-log.js';
import { type ResolvedOptions } from './options.js';
import { TableOwners } from '../read-models/table-owners.js';
import { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import { GoneSubscriptions } from '../operations/gone/gone-subscriptions.js';
import { LogTail } from '../subscriptions/log-tail.js';
import { RenamedSubscriptions } from '../subscriptions/renamed-subscriptions.js';
import { RunnerFactory } from '../operations/runner-factory.js';
import { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { SubscriptionHost } from '../subscriptions/subscription-host.js';
import { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { isParking, type ParkingSubscription } from '../subscriptions/subscription.js';
import { isReadModel, type ReadModelSubscription, readModelsOf } from '../read-models/read-model-subscription.js';
import { SubscriptionSignals } from '../subscriptions/subscription-signals.js';

/** Creates the host that runs the subscriptions of this process. It starts once all subscriptions are registered. */
export function makeSubscriptionHost(
  registry: SubscriptionRegistry,
  states: StatesByKind,
  tail: LogTail,
  signals: SubscriptionSignals,
  log: EventLog,
  runners: RunnerFactory,
  worker: OutboxWorker,
  owners: TableOwners,
  gone: GoneSubscriptions,
  renamed: RenamedSubscriptions,
  { leaseTtl, runSubscriptions, oneOff }: ResolvedOptions,
): SubscriptionHost {
  const ensureReadModel = async (readModel: ReadModelSubscription, logId: string): Promise<void> => {
    await owners.claimTables(readModel, new Set(readModelsOf(registry).map(({ name }) => name)));
    await states['read-model'].ensure(readModel, logId, 0);
  };
  const ensureParking = async (subscription: ParkingSubscription, logId: string): Promise<void> => {
    if (!(await renamed.takeOver(subscription))) return;
    const start = subscription.startAt === 'now' ? await log.head() : 0;
    await states[subscription.kind].ensure(subscription, logId, start);
  };
  const host = new SubscriptionHost(states, tail, signals, {
    run: runSubscriptions,
    leaseTtl,
    prepare: async () => {
      // Only a serving process decides where a new subscription begins.
      if (oneOff) return;
      const logId = await log.id();
      for (const each of readModelsOf(registry)) await ensureReadModel(each, logId);
      for (const each of registry.parking) await ensureParking(each, logId);
      await gone.warn();
    },
    restore: async (subscription) => {
      if (oneOff) return;
      if (isParking(subscription)) {
        if (subscription.formerly.length > 0) await ensureParking(subscription, await log.id());
      } else if (isReadModel(subscription) && (await owners.areFree(subscription))) {
        await ensureReadModel(subscription, await log.id());
      }
    },
    runners: () => runners.all(registry),
    outbox: worker,
  });
  registry.whenComplete(() => host.start());
  return host;
}
