import type { EventLog } from '../event-log/event-log.js';
import type { GoneSubscriptions } from '../operations/gone/gone-subscriptions.js';
import { isReadModel, type ReadModelSubscription, readModelsOf } from '../read-models/read-model-subscription.js';
import type { TableOwners } from '../read-models/table-owners.js';
import type { RenamedSubscriptions } from '../subscriptions/renamed-subscriptions.js';
import type { StatesByKind } from '../subscriptions/states/states-by-kind.js';
import { declareTypes } from '../subscriptions/states/declared-types.js';
import { isParking, type ParkingSubscription, type Subscription } from '../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

/** Creates the rows of state of the subscriptions, and decides where a new subscription begins. */
export class StatePreparation {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly states: StatesByKind,
    private readonly log: EventLog,
    private readonly owners: TableOwners,
    private readonly gone: GoneSubscriptions,
    private readonly renamed: RenamedSubscriptions,
  ) {}

  /** Creates all missing rows, and warns of subscriptions that are gone. @throws SetupError */
  async prepareAll(): Promise<void> {
    const logId = await this.log.id();
    for (const each of readModelsOf(this.registry)) await this.prepareReadModel(each, logId);
    for (const each of this.registry.parking) await this.prepareParking(each, logId);
    for (const states of new Set([this.states['read-model'], this.states['side-effect'], this.states.saga])) {
      await declareTypes(
        states,
        this.registry.all.filter(({ kind }) => this.states[kind] === states),
      );
    }
    await this.gone.warn();
  }

  /** Recreates one missing row, unless another program has taken over from the subscription. */
  async restore(subscription: Subscription): Promise<void> {
    if (isParking(subscription)) {
      if (subscription.formerly.length > 0) await this.prepareParking(subscription, await this.log.id());
    } else if (isReadModel(subscription) && (await this.owners.areFree(subscription))) {
      await this.prepareReadModel(subscription, await this.log.id());
    }
  }

  private async prepareReadModel(readModel: ReadModelSubscription, logId: string): Promise<void> {
    await this.owners.claimTables(readModel, new Set(readModelsOf(this.registry).map(({ name }) => name)));
    await this.states['read-model'].ensure(readModel, logId, 0);
  }

  private async prepareParking(subscription: ParkingSubscription, logId: string): Promise<void> {
    if (!(await this.renamed.takeOver(subscription))) return;
    const start = subscription.startAt === 'now' ? await this.log.head() : 0;
    await this.states[subscription.kind].ensure(subscription, logId, start);
  }
}
